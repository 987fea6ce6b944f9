#pragma once

#include <functional>
#include <string>

#include "domain/error.hpp"
#include "wire/message.hpp"

namespace rag::owner {

/// One request and its answer over the owner's socket. `unavailable`: nobody listens, or the
/// connection broke before the whole answer was there (whether the request was carried out is then
/// unknown); `timeout`; `too_large`: the answer is more than a process takes at once.
Task<Result<wire::Response>> exchange(
    std::string socket_path, wire::Request request, Deadline deadline
);

/// Returns once the owner behind the socket is gone, or nobody listens there.
Task<void> wait_until_gone(std::string socket_path);

}  // namespace rag::owner
