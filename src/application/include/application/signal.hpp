#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "application/task.hpp"
#include "domain/time.hpp"

namespace rag {

/// Tells coroutines that something they wait for may have come true. Any thread may notify; the
/// signal itself remembers nothing, the condition is what counts. It outlives its waits. A waiter's
/// executor runs one handler at a time, and its io context outlives whoever notifies.
class Signal {
public:
    Signal() = default;
    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    /// After the condition has changed. Who waits looks at it again.
    void notify() {
        std::vector<std::weak_ptr<Waiter>> waiters;
        {
            const std::lock_guard lock(mutex_);
            waiters.swap(waiters_);
        }
        for (const std::weak_ptr<Waiter>& known : waiters) {
            std::shared_ptr<Waiter> waiter = known.lock();
            if (!waiter) continue;
            const auto executor = waiter->get_executor();
            boost::asio::post(executor, [waiter = std::move(waiter)] { waiter->cancel(); });
        }
    }

    /// Waits until `condition`, a bool() that is asked on the caller's executor, holds; false: it
    /// does not at the deadline.
    template <class Condition>
    Task<bool> wait_until(Condition condition, Deadline deadline) {
        const auto executor = co_await boost::asio::this_coro::executor;
        while (true) {
            // Known before the condition is looked at, so no change goes unnoticed.
            const auto waiter = std::make_shared<Waiter>(executor, deadline);
            add(waiter);
            if (condition()) co_return true;
            if (std::chrono::steady_clock::now() >= deadline) co_return false;
            co_await waiter->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
    }

private:
    // Cancelled when told, so that the deadline and the news are one wait.
    using Waiter = boost::asio::steady_timer;

    void add(const std::shared_ptr<Waiter>& waiter) {
        const std::lock_guard lock(mutex_);
        std::erase_if(waiters_, [](const auto& known) { return known.expired(); });
        waiters_.push_back(waiter);
    }

    std::mutex mutex_;
    // Not kept alive: a waiter goes with its coroutine, which an io context may end.
    std::vector<std::weak_ptr<Waiter>> waiters_;
};

}  // namespace rag
