#include "application/delete_conversation.hpp"

#include <utility>

#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kEvent{
    .logger = "app.application.delete_conversation",
    .done = "Conversation deleted successfully",
    .failed = "Conversation could not be deleted",
};

}  // namespace

DeleteConversation::DeleteConversation(ConversationRepository& repository, Telemetry& telemetry)
    : repository_(repository), telemetry_(telemetry) {}

Task<Result<WriteAnswer>> DeleteConversation::run(
    ConversationId id, WriteContext write, CallContext context
) {
    const Stopwatch watch;
    Result<WriteAnswer> answer = co_await repository_.remove(id, std::move(write), context);
    log_write(telemetry_, kEvent, answer, context, watch);
    co_return answer;
}

}  // namespace rag
