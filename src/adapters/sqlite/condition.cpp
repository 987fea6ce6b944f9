#include "condition.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace rag::sqlite {

namespace {

// A commit waits for one fsync; a disk that takes this long for it is not serving any more.
constexpr std::chrono::seconds kCommitStuckAfter{10};

}  // namespace

Task<Result<void>> StoreCondition::await_open(Deadline deadline) {
    std::function<bool()> decided = [this] {
        const std::lock_guard lock(mutex_);
        return open_ || open_error_.has_value();
    };
    const bool known = co_await decided_.wait_until(std::move(decided), deadline);
    if (!known) co_return fail(ErrorCode::timeout, "The store is still being opened.");

    const std::lock_guard lock(mutex_);
    if (!open_) co_return tl::unexpected<Error>(*open_error_);
    co_return Result<void>();
}

void StoreCondition::opened() {
    {
        const std::lock_guard lock(mutex_);
        open_ = true;
        open_error_.reset();
        state_ = State::healthy;
        error_.clear();
        work_.clear();
    }
    decided_.notify();
}

void StoreCondition::open_failed(Error why) {
    {
        const std::lock_guard lock(mutex_);
        state_ = State::failed;
        error_ = why.message;
        open_error_ = std::move(why);
    }
    decided_.notify();
}

void StoreCondition::closed() {
    {
        const std::lock_guard lock(mutex_);
        open_ = false;
        open_error_ = Error{ErrorCode::unavailable, "The store is being closed.", {}};
    }
    decided_.notify();
}

void StoreCondition::working(std::string what) {
    const std::lock_guard lock(mutex_);
    work_ = std::move(what);
}

void StoreCondition::set(State state, std::string error) {
    const std::lock_guard lock(mutex_);
    state_ = state;
    error_ = std::move(error);
}

StoreCondition::State StoreCondition::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

void StoreCondition::begin_commit() {
    const std::lock_guard lock(mutex_);
    commit_began_ = std::chrono::steady_clock::now();
}

void StoreCondition::end_commit() {
    const std::lock_guard lock(mutex_);
    commit_began_.reset();
}

void StoreCondition::measured(double latency_ms, std::int64_t wal_bytes) {
    const std::lock_guard lock(mutex_);
    latency_ms_ = latency_ms;
    wal_bytes_ = wal_bytes;
}

StoreStatus StoreCondition::status() const {
    const std::lock_guard lock(mutex_);
    StoreStatus status;
    status.state = state_;
    status.error = error_;
    if (status.state == State::starting) status.work = work_;
    status.latency_ms = latency_ms_;
    status.wal_bytes = wal_bytes_;
    const bool stuck =
        commit_began_ && std::chrono::steady_clock::now() - *commit_began_ > kCommitStuckAfter;
    if (stuck) {
        status.state = State::failed;
        status.error = "A write has been waiting for the disk for more than 10 s.";
    }
    return status;
}

}  // namespace rag::sqlite
