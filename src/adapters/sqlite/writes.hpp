#pragma once

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "index/chunk_index.hpp"
#include "prepared_write.hpp"

/// What the writing connection does for one request, within the request's savepoint. A failed
/// Result or a SqliteError rolls that savepoint back.
namespace rag::sqlite {

/// What a request reads and changes while it is written. What it changed here counts from its
/// commit on, and not at all if it is rolled back.
struct WriteSession {
    TenantConnection db;
    Timestamp now;
    std::uint32_t analyzer_version = 0;
    bool tenant_known = true;   // Something was stored for it before.
    EmbeddingSpace space;       // The store's current one; dimension 0: none is known yet.
    std::int64_t space_id = 0;  // The tenant's row of it; 0: it has none yet.
    IndexBatch index;           // What the tenant's index must be told after the commit.
};

Result<WriteAnswer> save(
    WriteSession& session, PreparedConversation& conversation, const WriteContext& context
);
Result<WriteAnswer> save_duplicate(
    WriteSession& session, const WriteOutcome& outcome, const WriteContext& context
);
Result<WriteAnswer> append(
    WriteSession& session,
    PreparedAppend& messages,
    std::size_t messages_max,
    const WriteContext& context
);
Result<WriteAnswer> change(
    WriteSession& session, PreparedChange& change, const WriteContext& context
);
Result<WriteAnswer> remove(WriteSession& session, ConversationId id, const WriteContext& context);

/// Makes the space the store's current one. A tenant's row of it is made with its first vector.
Result<void> use_space(WriteSession& session, const EmbeddingSpace& space);

/// What is known of a write before it is done; see the port.
Result<KnownWrite> find_known(
    TenantConnection& db,
    const WriteContext& context,
    const std::optional<SoughtConversation>& sought,
    Timestamp now
);

}  // namespace rag::sqlite
