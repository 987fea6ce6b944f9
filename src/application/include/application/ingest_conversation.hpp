#pragma once

#include "application/chunking_tools.hpp"
#include "application/idempotency_gate.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/ports/telemetry.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

struct Fingerprinted;

/// What can be asked of an ingest, beside its body or in it.
struct IngestRequest {
    std::optional<IfExists> if_exists = {};    // nullopt: `extend`.
    std::optional<OnInvalid> on_invalid = {};  // nullopt: `refuse`.
};

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

    /// A repeated key answers as the first time; the same content again answers `duplicate`. One
    /// whose `external_id` is known grows by what it has not and takes over what is said otherwise.
    /// `invalid_argument` with the field's pointer; `already_exists` with the pointer of the first
    /// message that differs; `unavailable` while the model loads; otherwise what
    /// `ConversationRepository::save` says.
    Task<Result<WriteAnswer>> run(
        Conversation conversation,
        WriteContext write,
        CallContext context,
        IfExists if_exists = IfExists::extend
    );

private:
    struct AddedMessages {
        std::vector<Message> messages;
        std::int64_t first;  // Place of the first of them in what was sent.
    };

    Task<Result<WriteAnswer>> write(
        Conversation conversation, IfExists if_exists, WriteContext write, CallContext context
    );
    Task<Result<WriteAnswer>> attempt(
        Conversation conversation, IfExists if_exists, WriteContext write, CallContext context
    );
    Task<Result<WriteAnswer>> store(Fingerprinted made, WriteContext write, CallContext context);
    Task<Result<WriteAnswer>> store_again(
        ConversationSummary found,
        Fingerprinted made,
        IfExists if_exists,
        WriteContext write,
        CallContext context
    );
    Task<Result<WriteAnswer>> change(
        ConversationChange change, AddedMessages added, WriteContext write, CallContext context
    );

    ConversationRepository& repository_;
    EmbeddingProvider& embeddings_;
    Telemetry& telemetry_;
    WorkPool& work_pool_;
    IdempotencyGate& gate_;
    ChunkingTools tools_;
};

}  // namespace rag
