#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "write_queue.hpp"

namespace rag::sqlite {

/// A job whose outcome goes to a coroutine that awaits it, on the coroutine's own executor.
template <class Work, class Handler>
class HandlerWriteJob final : public WriteJob {
public:
    using Outcome = std::invoke_result_t<Work&, WriteSession&>;
    using Executor = boost::asio::associated_executor_t<Handler>;

    HandlerWriteJob(Work work, Handler handler, std::size_t bytes, const CallContext& context)
        : WriteJob(bytes, context),
          work_(std::move(work)),
          handler_(std::move(handler)),
          keep_alive_(boost::asio::get_associated_executor(handler_)) {}

    bool execute(WriteSession& session) override {
        outcome_ = work_(session);
        return outcome_->has_value();
    }

    void fail(Error why) noexcept override { outcome_ = Outcome(tl::unexpected(std::move(why))); }
    void answer() noexcept override { give(std::move(*outcome_)); }
    void refuse(Error why) noexcept override { give(Outcome(tl::unexpected(std::move(why)))); }

private:
    void give(Outcome outcome) {
        const auto executor = keep_alive_.get_executor();
        auto deliver = [handler = std::move(handler_),
                        value = std::move(outcome),
                        keep_alive = std::move(keep_alive_)]() mutable {
            std::move(handler)(std::move(value));
        };
        boost::asio::post(executor, std::move(deliver));
    }

    Work work_;
    Handler handler_;
    boost::asio::executor_work_guard<Executor> keep_alive_;
    std::optional<Outcome> outcome_;
};

/// Queues `work`, a Result<T>(WriteSession&) that owns its data, and answers what it came to.
template <class Work>
Task<std::invoke_result_t<Work&, WriteSession&>> submit_to(
    WriteQueue& queue, Work work, std::size_t bytes, CallContext context
) {
    using Outcome = std::invoke_result_t<Work&, WriteSession&>;
    auto start = [&queue, bytes, &context](auto handler, Work job) {
        using Handler = decltype(handler);
        std::unique_ptr<WriteJob> queued = std::make_unique<HandlerWriteJob<Work, Handler>>(
            std::move(job), std::move(handler), bytes, context
        );
        if (std::optional<Error> refused = queue.push(queued)) {
            queued->refuse(std::move(*refused));
        }
    };
    co_return co_await boost::asio::
        async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(
            std::move(start), boost::asio::use_awaitable, std::move(work)
        );
}

}  // namespace rag::sqlite
