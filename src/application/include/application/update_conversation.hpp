#pragma once

#include "application/idempotency_gate.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

/// Corrects titles, url and metadata of a conversation; the next search goes by them.
class UpdateConversation {
public:
    UpdateConversation(
        ConversationRepository& repository,
        Telemetry& telemetry,
        WorkPool& work_pool,
        IdempotencyGate& gate,
        const ConversationLimits& limits
    );

    /// A repeated key answers as the first time. `not_found`; `invalid_argument` with the field's
    /// pointer: nothing is named, or something is over a limit.
    Task<Result<WriteAnswer>> run(
        ConversationId id, HeaderPatch patch, WriteContext write, CallContext context
    );

private:
    Task<Result<WriteAnswer>> write(
        ConversationId id, HeaderPatch patch, WriteContext write, CallContext context
    );
    Task<Result<WriteAnswer>> attempt(
        ConversationId id, HeaderPatch patch, WriteContext write, CallContext context
    );

    ConversationRepository& repository_;
    Telemetry& telemetry_;
    WorkPool& work_pool_;
    IdempotencyGate& gate_;
    ConversationLimits limits_;
};

}  // namespace rag
