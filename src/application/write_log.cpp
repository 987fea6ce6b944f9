#include "write_log.hpp"

#include <array>
#include <string>

#include "log_fields.hpp"

namespace rag {
namespace {

constexpr std::string_view kDuplicateMessage = "Conversation already known";

}  // namespace

void log_write(
    Telemetry& telemetry,
    const WriteEvent& event,
    const Result<WriteAnswer>& answer,
    const CallContext& context,
    const Stopwatch& watch
) {
    const LogField duration{"duration_ms", watch.milliseconds()};
    if (!answer) {
        if (!is_server_failure(answer.error().code)) return;
        const std::array fields{LogField{"error", name_of(answer.error().code)}, duration};
        telemetry.log(LogLevel::error, event.logger, event.failed, context.trace.id, fields);
        return;
    }
    if (answer->replayed) return;

    const WriteOutcome& outcome = answer->outcome;
    const std::string id = std::to_string(outcome.conversation_id.value);
    // One of the two is 0: what a delete leaves, or what anything else deleted.
    const std::int64_t chunks = outcome.chunks_total + outcome.chunks_deleted;
    const std::array fields{
        LogField{"conversation_id", id}, LogField{"chunk_count", chunks}, duration};
    const std::string_view message = outcome.duplicate ? kDuplicateMessage : event.done;
    telemetry.log(LogLevel::info, event.logger, message, context.trace.id, fields);
}

std::string_view write_status(const Result<WriteAnswer>& answer) {
    if (!answer) return "error";
    return answer->replayed || answer->outcome.duplicate ? "duplicate" : "success";
}

}  // namespace rag
