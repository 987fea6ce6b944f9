#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application/call_context.hpp"
#include "domain/error.hpp"
#include "wire/message.hpp"

/// How a call's context goes from one of our processes to the owner: the one place that writes it
/// into headers, and the one that reads it.
namespace rag::wire {

/// Adds what the context says to the headers, in place of what stands there under these names.
/// A deadline goes as the time that is left, because clocks of processes need not agree.
void write_call_headers(const CallContext& context, std::vector<Header>& headers);

/// What the headers of a forwarded request say. Believes all of it, so only for a request whose
/// origin is the owner's socket; what is missing stays as it is by default, and so do a deadline
/// and a trace that cannot be read. `invalid_argument`: it cannot be read whose data is meant, or
/// what a read must see.
Result<CallContext> read_call_headers(const Request& head);

/// Of an answer: the `traceparent` under which its call is found in the log. There is no span to
/// name yet, so it names a new one, and says that none is recorded.
Header answer_traceparent(const Trace& trace);

/// A `traceparent` (W3C Trace Context), as anybody may send it. Without one, or with one that is
/// none, a new trace begins.
Trace trace_from(std::string_view traceparent);

}  // namespace rag::wire
