#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <optional>
#include <utility>

#include "application/task.hpp"
#include "domain/error.hpp"

namespace rag {

/// The one way from a thread back to a coroutine that waits. Whoever holds it owes the coroutine
/// its answer: `complete`, once, on any thread. The coroutine goes on on its own executor, never
/// within `complete`. Dropped without an answer, it answers `internal` itself, so that nobody waits
/// for ever. As long as it is held the caller's io loop does not end; the io context must not be
/// destroyed before it.
template <class T>
class Completion {
public:
    using Handler = typename boost::asio::
        async_result<boost::asio::use_awaitable_t<>, void(Result<T>)>::handler_type;

    Completion() = default;  // Nobody waits.
    explicit Completion(Handler handler) { waiting_.emplace(std::move(handler)); }
    Completion(Completion&& other) noexcept { take(other); }
    Completion& operator=(Completion&& other) noexcept {
        if (this == &other) return *this;
        drop();
        take(other);
        return *this;
    }
    ~Completion() { drop(); }

    /// Whether somebody waits.
    explicit operator bool() const { return waiting_.has_value(); }

    void complete(Result<T> result) noexcept {
        assert(waiting_);
        const boost::asio::any_io_executor executor = waiting_->loop.get_executor();
        // All goes along: once this is posted the caller may end, and its io context with it.
        auto deliver = [waiting = std::move(*waiting_), value = std::move(result)]() mutable {
            std::move(waiting.handler)(std::move(value));
        };
        waiting_.reset();
        boost::asio::post(executor, std::move(deliver));
    }

private:
    struct Waiting {
        explicit Waiting(Handler waiter)
            : handler(std::move(waiter)), loop(boost::asio::get_associated_executor(handler)) {}

        Handler handler;
        boost::asio::executor_work_guard<boost::asio::any_io_executor> loop;  // Keeps it alive.
    };

    void take(Completion& other) {
        if (!other.waiting_) return;
        waiting_.emplace(std::move(*other.waiting_));
        other.waiting_.reset();
    }

    void drop() noexcept {
        if (waiting_) complete(fail(ErrorCode::internal, "Nobody did what was asked for."));
    }

    std::optional<Waiting> waiting_;
};

/// Suspends the caller until what `start`, a void(Completion<T>), began is completed. `start` may
/// complete at once; if it throws, the completion that it was given is dropped.
template <class T, class Start>
Task<Result<T>> await_completion(Start start) {
    auto initiate = [](auto handler, Start begin) {
        try {
            begin(Completion<T>(std::move(handler)));
        } catch (...) {
            // The caller is suspended already. It has its answer: the completion was dropped.
        }
    };
    co_return co_await boost::asio::
        async_initiate<const boost::asio::use_awaitable_t<>, void(Result<T>)>(
            std::move(initiate), boost::asio::use_awaitable, std::move(start)
        );
}

}  // namespace rag
