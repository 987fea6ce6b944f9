#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "application/event.hpp"
#include "application/ports/conversation_repository.hpp"

namespace rag::sqlite {

/// How the store is: told by the writer, read by everybody. Thread-safe.
class StoreCondition {
public:
    using State = StoreStatus::State;

    /// Waits while the store is opened for the first time. The error it could not be opened for;
    /// `timeout`: it still is at the deadline. From the first success on it never waits.
    Task<Result<void>> await_open(Deadline deadline);
    /// Whether there is nothing to wait for, without a lock.
    bool is_open() const { return open_; }

    void opened();
    void open_failed(Error why);
    /// Nobody will open it any more.
    void closed();

    /// What is being done while it is opened, in words.
    void working(std::string what);
    void set(State state, std::string error);
    State state() const;

    /// Between `begin` and `end` the writer is inside one commit; one that lasts is a failure too.
    void begin_commit();
    void end_commit();
    void measured(double latency_ms, std::int64_t wal_bytes);

    /// State, latency and log; connections and counts are the caller's to fill in.
    StoreStatus status() const;

private:
    mutable std::mutex mutex_;
    std::atomic<bool> open_ = false;  // Written with the mutex.
    std::optional<Error> open_error_;
    State state_ = State::starting;
    std::string error_;
    std::string work_;  // While it is starting.
    double latency_ms_ = 0;
    std::int64_t wal_bytes_ = 0;
    std::optional<std::chrono::steady_clock::time_point> commit_began_;
    Event decided_;  // Whether it is open.
};

}  // namespace rag::sqlite
