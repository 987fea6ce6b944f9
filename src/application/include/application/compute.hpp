#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "application/call_context.hpp"
#include "application/ports/work_pool.hpp"
#include "domain/limits.hpp"

namespace rag {

/// How much text a job works on, and how much of it takes less than about a millisecond.
struct TextAmount {
    std::size_t bytes;
    std::size_t inline_bytes_max;
};
constexpr TextAmount to_parse(std::size_t bytes) { return {bytes, limits::kParsedInlineBytesMax}; }
constexpr TextAmount to_tokenize(std::size_t bytes) {
    return {bytes, limits::kTokenizedInlineBytesMax};
}

constexpr TextAmount to_hash(std::size_t bytes) { return {bytes, limits::kHashedInlineBytesMax}; }
constexpr TextAmount to_encode(std::size_t bytes) {
    return {bytes, limits::kEncodedInlineBytesMax};
}

/// Runs `job`, which returns a Result and owns its data, on the pool; an error of the pool comes
/// back as the job's. The job may run on when its caller is gone.
template <class Job>
Task<std::invoke_result_t<Job&>> compute(WorkPool& pool, CallContext context, Job job) {
    struct Work {
        Job job;
        std::optional<std::invoke_result_t<Job&>> result;
    };
    // Shared, because a std::function is copied and the caller may be gone before the job is.
    auto work = std::make_shared<Work>(Work{std::move(job), std::nullopt});
    std::function<void()> run = [work] { work->result.emplace(work->job()); };
    Result<void> done = co_await pool.run(std::move(run), std::move(context));
    if (!done) co_return tl::unexpected<Error>(std::move(done.error()));
    co_return std::move(*work->result);
}

/// A small amount of text is worked on at once, on the caller's thread: handing it over would take
/// longer. More of it goes to the pool, so that it holds up nobody else.
template <class Job>
Task<std::invoke_result_t<Job&>> compute(
    WorkPool& pool, CallContext context, TextAmount text, Job job
) {
    if (text.bytes <= text.inline_bytes_max) co_return job();
    co_return co_await compute(pool, std::move(context), std::move(job));
}

}  // namespace rag
