#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "application/ports/work_pool.hpp"
#include "encoding/digest.hpp"
#include "wire/message.hpp"

namespace rag::http {

template <class T>
struct ParsedBody {
    Result<T> value;
    encoding::Digest digest;  // Of the raw body.
};

/// Parses a body: a small one here, one over 256 KB on the pool, so that it holds up nobody else.
/// `parse`: Result<T>(std::string_view). An error of the pool comes back as the value's.
template <class T, class Parse>
Task<ParsedBody<T>> parse_body(WorkPool& pool, wire::Body body, Parse parse, CallContext context) {
    constexpr std::size_t kInlineBytesMax = 256u << 10;
    if (body.size() <= kInlineBytesMax) {
        co_return ParsedBody<T>{
            parse(std::string_view(body.text())), encoding::sha256(body.text())};
    }

    struct Work {
        wire::Body body;
        ParsedBody<T> parsed;
    };
    // Shared with the job, which may run on after the deadline.
    auto work = std::make_shared<Work>(Work{
        std::move(body), {fail(ErrorCode::internal, "The body was not parsed."), {}}});
    std::function<void()> job = [work, parse] {
        const std::string& text = work->body.text();
        work->parsed = ParsedBody<T>{parse(std::string_view(text)), encoding::sha256(text)};
    };
    Result<void> done = co_await pool.run(std::move(job), std::move(context));
    if (!done) co_return ParsedBody<T>{tl::unexpected<Error>(std::move(done.error())), {}};
    co_return std::move(work->parsed);
}

}  // namespace rag::http
