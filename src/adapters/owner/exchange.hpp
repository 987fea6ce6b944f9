#pragma once

#include <chrono>
#include <string>

#include "domain/error.hpp"
#include "wire/stream.hpp"

namespace rag::owner {

/// One request and its answer over the owner's socket; the context goes with it. `unavailable`:
/// nobody listens, or the connection broke before the whole answer was there (whether the request
/// was carried out is then unknown); `timeout`; `too_large`: the answer is more than a process
/// takes at once.
Task<Result<wire::Response>> exchange(
    std::string socket_path, wire::Request request, CallContext context
);

/// The same piece by piece, both ways at once. Nothing of the body is read before the owner asks
/// for it (100 Continue), so one that refuses the request has taken nothing. Errors as above, and
/// that of a body which broke off. `stall`: how long the owner may do nothing that we wait for.
/// False: nobody takes the answer any more.
Task<Result<bool>> exchange_stream(
    std::string socket_path,
    wire::Request head,
    CallContext context,
    wire::BodySource& body,
    wire::AnswerSink& answers,
    std::chrono::milliseconds stall
);

/// Returns once the owner behind the socket is gone, or nobody listens there.
Task<void> wait_until_gone(std::string socket_path);

}  // namespace rag::owner
