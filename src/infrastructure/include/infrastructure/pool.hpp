#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "application/task.hpp"
#include "domain/error.hpp"
#include "domain/time.hpp"

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
    explicit BoundedPool(PoolOptions options);
    ~BoundedPool();  // As `stop`.
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

template <class Job, class Handler>
class HandlerJob final : public PoolJob {
public:
    using Answer = std::invoke_result_t<Job&>;
    using Executor = boost::asio::associated_executor_t<Handler>;

    HandlerJob(Job job, Handler handler)
        : job_(std::move(job)),
          handler_(std::move(handler)),
          work_(boost::asio::get_associated_executor(handler_)) {}

    void run() noexcept override {
        try {
            answer(job_());
        } catch (...) {
            // Adapters turn the exceptions that they expect into errors themselves.
            refuse(Error{ErrorCode::internal, "Unexpected failure inside a worker.", {}});
        }
    }

    void refuse(Error why) noexcept override {
        answer(Answer(tl::unexpected<Error>(std::move(why))));
    }

private:
    void answer(Answer result) {
        auto deliver = [handler = std::move(handler_), value = std::move(result)]() mutable {
            std::move(handler)(std::move(value));
        };
        boost::asio::post(work_.get_executor(), std::move(deliver));
        work_.reset();
    }

    Job job_;
    Handler handler_;
    boost::asio::executor_work_guard<Executor> work_;  // Keeps the io loop alive meanwhile.
};

}  // namespace detail

/// Runs `job`, which returns a Result and owns its data, on the pool; the coroutine goes on on its
/// own executor. Failures of the pool (see `submit`) come as the job's error. The io context must
/// outlive the pool, or the pool be stopped first.
template <class Job>
Task<std::invoke_result_t<Job&>> on_pool(BoundedPool& pool, Job job, Deadline deadline) {
    using Answer = std::invoke_result_t<Job&>;
    auto start = [&pool, deadline](auto handler, Job work) {
        using Handler = decltype(handler);
        std::unique_ptr<PoolJob> queued =
            std::make_unique<detail::HandlerJob<Job, Handler>>(std::move(work), std::move(handler));
        if (std::optional<Error> refused = pool.submit(queued, deadline)) {
            queued->refuse(std::move(*refused));
        }
    };
    co_return co_await boost::asio::
        async_initiate<const boost::asio::use_awaitable_t<>, void(Answer)>(
            std::move(start), boost::asio::use_awaitable, std::move(job)
        );
}

}  // namespace rag
