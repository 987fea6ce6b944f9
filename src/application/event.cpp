#include "application/event.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace rag {

namespace asio = boost::asio;

void Event::notify() {
    std::vector<std::weak_ptr<Timer>> waiting;
    {
        const std::lock_guard lock(mutex_);
        ++notified_;
        waiting.swap(waiting_);
    }
    for (const std::weak_ptr<Timer>& waiter : waiting) {
        const std::shared_ptr<Timer> timer = waiter.lock();
        // A timer is touched on its own thread alone; there it is being waited for by then.
        if (timer) asio::post(timer->get_executor(), [timer] { timer->cancel(); });
    }
}

Task<bool> Event::wait_until(std::function<bool()> condition, Deadline deadline) {
    const auto executor = co_await asio::this_coro::executor;
    while (true) {
        std::uint64_t seen = 0;
        {
            const std::lock_guard lock(mutex_);
            seen = notified_;
        }
        if (condition()) co_return true;
        if (std::chrono::steady_clock::now() >= deadline) co_return false;

        const auto timer = std::make_shared<Timer>(executor, deadline);
        {
            const std::lock_guard lock(mutex_);
            if (notified_ != seen) continue;  // It has changed since the condition was asked.
            std::erase_if(waiting_, [](const auto& other) { return other.expired(); });
            waiting_.push_back(timer);
        }
        co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

}  // namespace rag
