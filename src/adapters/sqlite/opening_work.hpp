#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "store_log.hpp"

namespace rag::sqlite {

/// How far a piece of work has come, in parts that are all told of.
struct WorkDone {
    std::string_view unit;   // "chunks", "steps"
    std::int64_t count = 0;  // So many of them.
    std::int64_t total = 0;  // Of so many; 0: nobody knows.
    std::int64_t rows = 0;   // Written; 0: they are not what counts.
};

/// Tells of what takes long while a store is opened: its schema, its terms, its index. Once a
/// second, so that short work leaves no word; in the log, and to whoever `shown` stands for.
class OpeningWork {
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    /// `shown`: takes what is being done in words; "" once it is not any more.
    OpeningWork(
        const StoreLog& log,
        std::function<void(const std::string&)> shown,
        Clock clock = std::chrono::steady_clock::now
    );

    /// The next piece: "Terms are made anew".
    void begin(std::string what);
    /// May be called often.
    void came_to(const WorkDone& done);
    /// Whether anything of it was told, so that its end should be.
    bool told() const { return told_; }
    /// It is done.
    void end(const WorkDone& done);

private:
    void say(std::string_view message, const WorkDone& done, double seconds) const;

    const StoreLog& log_;
    const std::function<void(const std::string&)> shown_;
    const Clock clock_;
    std::string what_;
    bool told_ = false;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point tell_at_;
};

}  // namespace rag::sqlite
