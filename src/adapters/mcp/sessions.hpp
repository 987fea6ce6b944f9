#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "revision.hpp"

namespace rag::mcp {

/// Sessions of the revisions that have them over HTTP. Thread-safe. A session ends by DELETE, by
/// being unused for `idle_max`, or by being the one unused for longest when the table is full.
class SessionTable {
public:
    using Clock = std::chrono::steady_clock;

    SessionTable(std::size_t sessions_max, Clock::duration idle_max)
        : sessions_max_(sessions_max), idle_max_(idle_max) {}

    /// The new session's id.
    std::string open(Revision revision, Clock::time_point now);
    /// The session's revision, and it counts as used now; nullopt: unknown or ended.
    std::optional<Revision> use(std::string_view id, Clock::time_point now);
    /// False: there was none.
    bool close(std::string_view id, Clock::time_point now);
    std::size_t size() const;

private:
    struct Session {
        std::string id;
        Revision revision;
        Clock::time_point used;
    };
    using Order = std::list<Session>;

    void drop_idle(Clock::time_point now);
    void drop(Order::iterator session);

    const std::size_t sessions_max_;
    const Clock::duration idle_max_;
    mutable std::mutex mutex_;
    Order by_use_;                                                 // Unused for longest first.
    std::unordered_map<std::string_view, Order::iterator> by_id_;  // Keys point into `by_use_`.
};

}  // namespace rag::mcp
