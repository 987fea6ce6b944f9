#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "application/completion.hpp"
#include "write_queue.hpp"

namespace rag::sqlite {

/// A job whose outcome goes to the coroutine that waits for it.
template <class Work>
class AwaitedWrite final : public WriteJob {
public:
    using Outcome = std::invoke_result_t<Work&, WriteSession&>;
    using Done = Completion<typename Outcome::value_type>;

    AwaitedWrite(Work work, Done done, std::size_t bytes, const CallContext& context)
        : WriteJob(bytes, context), work_(std::move(work)), done_(std::move(done)) {}

    bool execute(WriteSession& session) override {
        outcome_ = work_(session);
        return outcome_->has_value();
    }

    void fail(Error why) noexcept override { outcome_ = Outcome(tl::unexpected(std::move(why))); }
    void answer() noexcept override { done_.complete(std::move(*outcome_)); }
    void refuse(Error why) noexcept override { done_.complete(tl::unexpected(std::move(why))); }

private:
    Work work_;
    Done done_;
    std::optional<Outcome> outcome_;
};

/// Queues `work`, a Result<T>(WriteSession&) that owns its data, and answers what it came to.
template <class Work>
Task<std::invoke_result_t<Work&, WriteSession&>> submit_to(
    WriteQueue& queue, Work work, std::size_t bytes, CallContext context
) {
    using Awaited = AwaitedWrite<Work>;
    auto start = [&queue, bytes, &context, work = std::move(work)](typename Awaited::Done done
                 ) mutable {
        std::unique_ptr<WriteJob> queued =
            std::make_unique<Awaited>(std::move(work), std::move(done), bytes, context);
        if (std::optional<Error> refused = queue.push(queued)) {
            queued->refuse(std::move(*refused));
        }
    };
    co_return co_await await_completion<typename Awaited::Outcome::value_type>(std::move(start));
}

}  // namespace rag::sqlite
