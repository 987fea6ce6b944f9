#pragma once

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"

/// What a reading connection answers, each within one snapshot of the store.
namespace rag::sqlite {

/// `not_found`
tl::unexpected<Error> no_such_conversation();
Result<std::vector<LoadedChunk>> load(
    TenantConnection& db,
    const std::vector<ChunkId>& ids,
    std::size_t context,
    std::size_t bytes_max
);
Result<ConversationPage> list(TenantConnection& db, const ListQuery& query);
Result<ConversationSummary> get(TenantConnection& db, ConversationId id);
Result<std::vector<StoredChunk>> chunks(
    TenantConnection& db, ConversationId id, std::size_t bytes_max
);
Result<std::vector<StoredMessage>> messages(
    TenantConnection& db, ConversationId id, MessageRange range, std::size_t bytes_max
);
/// `space_id`: the tenant's row of the store's current space; 0: it has none.
StoreCounts counts(TenantConnection& db, std::int64_t space_id);

}  // namespace rag::sqlite
