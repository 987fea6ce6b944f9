#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace rag {

/// Why something that can fail did. Each has one HTTP status (adapters/wire/problem.cpp), JSON-RPC
/// code (adapters/mcp/resources.cpp) and exit code (adapters/cli/rest.cpp).
enum class ErrorCode {
    invalid_argument,
    unauthenticated,
    forbidden,
    not_found,
    conflict,        // The same request is still running.
    already_exists,  // Another one of that name is there.
    key_reused,      // Same idempotency key, other content.
    too_large,
    overloaded,
    timeout,
    unavailable,
    no_space,
    corrupt,
    internal
};

/// "invalid_argument"
std::string_view name_of(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;  // May reach a client: no SQL, no path, no secret, no stored text.
    std::string pointer;  // JSON pointer to the offending field, if there is one.
};

template <class T>
using Result = tl::expected<T, Error>;  // std::expected once the compiler has it

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string pointer = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(pointer)});
}

}  // namespace rag
