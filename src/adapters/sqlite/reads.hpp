#pragma once

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "writes.hpp"

/// What a reading connection answers, each within one snapshot of the store.
namespace rag::sqlite {

Result<std::vector<LoadedChunk>> load(
    Connection& db, const std::vector<ChunkId>& ids, std::size_t context, std::size_t bytes_max
);
Result<ConversationPage> list(Connection& db, const ListQuery& query);
Result<ConversationSummary> get(Connection& db, ConversationId id);
Result<std::vector<StoredChunk>> chunks(Connection& db, ConversationId id, std::size_t bytes_max);
Result<std::vector<StoredMessage>> messages(
    Connection& db, ConversationId id, MessageRange range, std::size_t bytes_max
);
StoreCounts counts(Connection& db, const ActiveSpace& space);

}  // namespace rag::sqlite
