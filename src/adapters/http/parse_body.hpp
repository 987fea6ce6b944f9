#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "application/compute.hpp"
#include "encoding/digest.hpp"
#include "wire/message.hpp"

namespace rag::http {

template <class T>
struct ParsedBody {
    Result<T> value;
    encoding::Digest digest;  // Of the raw body.
};

/// Parses a body: a small one here, a larger one on the pool. `parse`:
/// Result<T>(std::string_view). An error of the pool comes back as the value's.
template <class T, class Parse>
Task<ParsedBody<T>> parse_body(WorkPool& pool, wire::Body body, Parse parse, CallContext context) {
    const TextAmount amount = to_parse(body.size());
    auto job = [body = std::move(body), parse]() -> Result<ParsedBody<T>> {
        const std::string& text = body.text();
        return ParsedBody<T>{parse(std::string_view(text)), encoding::sha256(text)};
    };
    Result<ParsedBody<T>> parsed =
        co_await compute(pool, std::move(context), amount, std::move(job));
    if (!parsed) co_return ParsedBody<T>{tl::unexpected<Error>(std::move(parsed.error())), {}};
    co_return std::move(*parsed);
}

}  // namespace rag::http
