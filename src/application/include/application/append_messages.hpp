#pragma once

#include <vector>

#include "application/chunking_tools.hpp"
#include "application/idempotency_gate.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

/// What can be asked of an append, beside its body or in it.
struct AppendRequest {
    std::optional<OnInvalid> on_invalid = {};  // nullopt: `refuse`.
};

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

    /// A message whose `external_id` some message of the conversation has is left out and counted.
    /// `not_found`; `invalid_argument`; otherwise what `ConversationRepository::append` says.
    Task<Result<WriteAnswer>> run(
        ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
    );

private:
    Task<Result<WriteAnswer>> write(
        ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
    );

    Task<Result<WriteAnswer>> attempt(
        ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
    );
    Task<Result<NewMessages>> prepare(
        ConversationSummary to, std::vector<Message> messages, CallContext context
    );

    ConversationRepository& repository_;
    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    WorkPool& work_pool_;
    IdempotencyGate& gate_;
    ChunkingTools tools_;
};

}  // namespace rag
