#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "infrastructure/deadlines.hpp"
#include "writes.hpp"

namespace rag::sqlite {

/// One request for the writing connection. It owns its data. Either `execute` is called, then
/// `answer` or `refuse`; or `refuse` alone, with nothing of it done.
class WriteJob {
public:
    WriteJob(std::size_t bytes, CallContext context)
        : bytes_(bytes), context_(std::move(context)) {}
    virtual ~WriteJob() = default;

    /// Within a savepoint; false: what it did must be rolled back, and `answer` says why.
    virtual bool execute(WriteSession& session) = 0;
    /// `execute` threw: this is what it came to.
    virtual void fail(Error why) noexcept = 0;
    /// Gives whoever waits what `execute` came to.
    virtual void answer() noexcept = 0;
    virtual void refuse(Error why) noexcept = 0;

    std::size_t bytes() const { return bytes_; }
    Deadline deadline() const { return context_.deadline; }
    const TenantId& tenant() const { return context_.tenant(); }

private:
    std::size_t bytes_;
    CallContext context_;
};

using WriteGroup = std::vector<std::unique_ptr<WriteJob>>;

struct WriteQueueLimits {
    std::size_t count_max = 1;
    std::size_t bytes_max = 1;
};

/// Writes that wait for their turn, in order, bounded in number and bytes. Thread-safe. One that
/// still waits at its deadline is refused right then.
class WriteQueue {
public:
    WriteQueue(WriteQueueLimits limits, Deadlines& deadlines);
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    /// `overloaded`: full (an empty queue never is); `unavailable`: closed; `timeout`: too late
    /// already. The job is given back untouched then.
    std::optional<Error> push(std::unique_ptr<WriteJob>& job);

    /// The next jobs, at most so many and, but for the first, so many bytes. Waits up to `wait`
    /// for one; empty: none came, or the queue is closed and empty.
    WriteGroup take(const WriteQueueLimits& at_most, std::chrono::milliseconds wait);

    /// Takes no more; what waits can still be taken.
    void close();
    bool closed() const;
    /// Waits until closed or for that long; true: closed.
    bool wait_closed(std::chrono::milliseconds wait);
    std::size_t waiting() const;

private:
    void set_alarm(Deadline when);
    void expire();  // When the alarm rings.
    WriteGroup take_expired();

    const WriteQueueLimits limits_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<WriteJob>> jobs_;
    std::size_t bytes_ = 0;
    bool closed_ = false;
    Deadline next_expiry_ = Deadline::max();  // When the alarm rings.
    Alarm alarm_;                             // Last: it uses all of the above.
};

}  // namespace rag::sqlite
