#pragma once

#include <string_view>

#include "application/call_context.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/telemetry.hpp"
#include "stopwatch.hpp"

namespace rag {

/// The event that a kind of write leaves in the log.
struct WriteEvent {
    std::string_view logger;
    std::string_view done;    // What is said of one that was stored.
    std::string_view failed;  // What is said of one that the server could not do.
};

/// Logs what became of a write. A repeated or refused one leaves no line: nothing was stored, and
/// the caller's mistakes are the caller's.
void log_write(
    Telemetry& telemetry,
    const WriteEvent& event,
    const Result<WriteAnswer>& answer,
    const CallContext& context,
    const Stopwatch& watch
);

/// How a write counts: "success", "duplicate" (a replayed one too) or "error".
std::string_view write_status(const Result<WriteAnswer>& answer);

}  // namespace rag
