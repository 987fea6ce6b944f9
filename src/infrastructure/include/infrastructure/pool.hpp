#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "application/completion.hpp"
#include "application/task.hpp"
#include "domain/error.hpp"
#include "domain/time.hpp"
#include "infrastructure/deadlines.hpp"

namespace rag {

/// Work for a pool. Exactly one of the two calls is made, once, on a thread of the pool.
class PoolJob {
public:
    virtual ~PoolJob() = default;
    virtual void run() noexcept = 0;
    virtual void refuse(Error why) noexcept = 0;
};

struct PoolOptions {
    std::string name;  // Shown in errors and by `top -H`; at most 15 bytes count there.
    std::size_t threads = 1;
    std::size_t queue_max = 1;  // Jobs that wait; those that run are not counted.
};

/// Threads for work that blocks or computes, with a bounded queue. Thread-safe. A job that still
/// waits at its deadline is refused right then (`timeout`), one that runs is never interrupted.
class BoundedPool {
public:
    BoundedPool(PoolOptions options, Deadlines& deadlines);  // They outlive it.
    ~BoundedPool();                                          // As `stop`.
    BoundedPool(const BoundedPool&) = delete;
    BoundedPool& operator=(const BoundedPool&) = delete;

    /// `overloaded`: the queue is full; `unavailable`: the pool was stopped; `timeout`: the
    /// deadline has passed. The job is given back untouched then.
    std::optional<Error> submit(std::unique_ptr<PoolJob>& job, Deadline deadline);

    /// Refuses what waits, awaits what runs. Idempotent; not to be called by a job.
    void stop();

    std::size_t threads() const;
    std::size_t waiting() const;
    std::size_t running() const;
    /// How long the oldest job that runs has been running; zero if none does.
    std::chrono::steady_clock::duration longest_running() const;
    /// A job has been running for more than 30 s: what /livez reports.
    bool stuck() const;

private:
    class State;
    std::unique_ptr<State> state_;
};

namespace detail {

/// Runs a job and gives its Result to the coroutine that waits for it.
template <class Job>
class AwaitedJob final : public PoolJob {
public:
    using Answer = std::invoke_result_t<Job&>;
    using Done = Completion<typename Answer::value_type>;

    AwaitedJob(Job job, Done done) : job_(std::move(job)), done_(std::move(done)) {}

    void run() noexcept override {
        try {
            done_.complete(job_());
        } catch (...) {
            // Adapters turn the exceptions that they expect into errors themselves.
            refuse(Error{ErrorCode::internal, "Unexpected failure inside a worker.", {}});
        }
    }

    void refuse(Error why) noexcept override {
        done_.complete(tl::unexpected<Error>(std::move(why)));
    }

private:
    Job job_;
    Done done_;
};

}  // namespace detail

/// Runs `job`, which returns a Result and owns its data, on the pool; the coroutine goes on on its
/// own executor. Failures of the pool (see `submit`) come as the job's error. The io context must
/// outlive the pool, or the pool be stopped first.
template <class Job>
Task<std::invoke_result_t<Job&>> on_pool(BoundedPool& pool, Job job, Deadline deadline) {
    using Awaited = detail::AwaitedJob<Job>;
    auto start = [&pool, deadline, job = std::move(job)](typename Awaited::Done done) mutable {
        std::unique_ptr<PoolJob> queued =
            std::make_unique<Awaited>(std::move(job), std::move(done));
        if (std::optional<Error> refused = pool.submit(queued, deadline)) {
            queued->refuse(std::move(*refused));
        }
    };
    co_return co_await await_completion<typename Awaited::Answer::value_type>(std::move(start));
}

}  // namespace rag
