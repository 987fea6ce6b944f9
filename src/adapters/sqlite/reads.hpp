#pragma once

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "writes.hpp"

/// What a reading connection answers, each within one snapshot of the store.
namespace rag::sqlite {

Result<std::vector<LoadedChunk>> load(
    Connection& db, const std::vector<ChunkId>& ids, std::size_t context
);
Result<ConversationPage> list(Connection& db, const ListQuery& query);
Result<ConversationSummary> get(Connection& db, ConversationId id);
Result<std::vector<StoredChunk>> chunks(Connection& db, ConversationId id);
Result<std::vector<StoredMessage>> messages(
    Connection& db, ConversationId id, std::int64_t from, std::int64_t to
);
StoreCounts counts(Connection& db, const ActiveSpace& space);

/// The filter with its texts in the form in which they are compared.
Filter compared(Filter filter);

}  // namespace rag::sqlite
