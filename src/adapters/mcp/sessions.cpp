#include "sessions.hpp"

#include <utility>

#include "encoding/random_id.hpp"

namespace rag::mcp {

std::string SessionTable::open(Revision revision, Clock::time_point now) {
    std::string id = encoding::random_id();
    std::lock_guard lock(mutex_);
    drop_idle(now);
    if (by_use_.size() >= sessions_max_ && !by_use_.empty()) drop(by_use_.begin());
    Session session{id, revision, now};
    Order::iterator place = by_use_.insert(by_use_.end(), std::move(session));
    by_id_.emplace(place->id, place);
    return id;
}

std::optional<Revision> SessionTable::use(std::string_view id, Clock::time_point now) {
    std::lock_guard lock(mutex_);
    drop_idle(now);
    auto found = by_id_.find(id);
    if (found == by_id_.end()) return std::nullopt;
    Order::iterator session = found->second;
    session->used = now;
    by_use_.splice(by_use_.end(), by_use_, session);
    return session->revision;
}

bool SessionTable::close(std::string_view id, Clock::time_point now) {
    std::lock_guard lock(mutex_);
    drop_idle(now);
    auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    drop(found->second);
    return true;
}

std::size_t SessionTable::size() const {
    std::lock_guard lock(mutex_);
    return by_use_.size();
}

void SessionTable::drop_idle(Clock::time_point now) {
    while (!by_use_.empty() && now - by_use_.front().used > idle_max_) drop(by_use_.begin());
}

void SessionTable::drop(Order::iterator session) {
    by_id_.erase(session->id);
    by_use_.erase(session);
}

}  // namespace rag::mcp
