#pragma once

#include "application/ports/conversation_repository.hpp"
#include "application/ports/telemetry.hpp"

namespace rag {

/// Deletes a conversation with all that belongs to it.
class DeleteConversation {
public:
    DeleteConversation(ConversationRepository& repository, Telemetry& telemetry);
    Task<Result<WriteAnswer>> run(ConversationId id, WriteContext write, CallContext context);

private:
    ConversationRepository& repository_;
    Telemetry& telemetry_;
};

}  // namespace rag
