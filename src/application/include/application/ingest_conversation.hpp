#pragma once

#include "application/chunking_tools.hpp"
#include "application/idempotency_gate.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

/// Stores a conversation, found by the next search and kept through a crash.
class IngestConversation {
public:
    IngestConversation(
        ConversationRepository& repository,
        EmbeddingProvider& embeddings,
        Telemetry& telemetry,
        WorkPool& work_pool,
        IdempotencyGate& gate,  // The same for both; a delete passes none.
        const ChunkingTools& tools
    );

    /// A repeated key answers as the first time; the same content again answers `duplicate`.
    /// `invalid_argument` with the field's pointer; `unavailable` while the model loads;
    /// otherwise what `ConversationRepository::save` says.
    Task<Result<WriteAnswer>> run(
        Conversation conversation, WriteContext write, CallContext context
    );

private:
    Task<Result<WriteAnswer>> write(
        Conversation conversation, WriteContext write, CallContext context
    );

    ConversationRepository& repository_;
    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    WorkPool& work_pool_;
    IdempotencyGate& gate_;
    ChunkingTools tools_;
};

}  // namespace rag
