#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "application/ports/work_pool.hpp"

namespace rag::mcp {

/// How much text a job works on, and how much of it takes less than about a millisecond.
struct TextAmount {
    std::size_t bytes;
    std::size_t inline_bytes_max;
};
/// The bound of the REST routes.
constexpr TextAmount to_parse(std::size_t bytes) { return {bytes, 256u << 10}; }
constexpr TextAmount to_tokenize(std::size_t bytes) { return {bytes, 8u << 10}; }

/// Roughly the bytes of a piece of an answer.
std::size_t text_bytes(const ConversationHeader& header);
std::size_t text_bytes(const std::vector<StoredMessage>& messages);

/// Runs `job`, which returns a Result and owns its data: a small amount of text here, more of it on
/// the pool, so that it holds up nobody else. An error of the pool comes back as the job's.
template <class Job>
Task<std::invoke_result_t<Job&>> compute(
    WorkPool& pool, TextAmount text, Job job, CallContext context
) {
    if (text.bytes <= text.inline_bytes_max) co_return job();

    struct Work {
        Job job;
        std::optional<std::invoke_result_t<Job&>> result;
    };
    // Shared with the pool, which may run it after the caller has gone.
    auto work = std::make_shared<Work>(Work{std::move(job), std::nullopt});
    std::function<void()> run = [work] { work->result.emplace(work->job()); };
    Result<void> done = co_await pool.run(std::move(run), std::move(context));
    if (!done) co_return tl::unexpected<Error>(std::move(done.error()));
    co_return std::move(*work->result);
}

}  // namespace rag::mcp
