#pragma once

#include <vector>

#include "application/chunking_tools.hpp"
#include "application/idempotency_gate.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

/// Appends messages to a conversation; only the new part is chunked and embedded.
class AppendMessages {
public:
    AppendMessages(
        ConversationRepository& repository,
        EmbeddingProvider& embeddings,
        Telemetry& telemetry,
        WorkPool& work_pool,
        IdempotencyGate& gate,  // The same for both; a delete passes none.
        const ChunkingTools& tools
    );

    Task<Result<WriteAnswer>> run(
        ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
    );

private:
    Task<Result<WriteAnswer>> write(
        ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
    );

    ConversationRepository& repository_;
    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    WorkPool& work_pool_;
    IdempotencyGate& gate_;
    ChunkingTools tools_;
};

}  // namespace rag
