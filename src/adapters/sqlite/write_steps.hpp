#pragma once

#include <cstddef>
#include <optional>

#include "writes.hpp"

/// What several writes have in common, each within its savepoint.
namespace rag::sqlite {

inline std::int64_t count_of(std::size_t size) { return static_cast<std::int64_t>(size); }

std::optional<ConversationSummary> summary_of(TenantConnection& db, ConversationId id);

/// Of a conversation as it is, before a write adds what it did.
WriteOutcome outcome_of(ConversationSummary summary);

/// The answer of the first time, if this is a repetition. Looked for inside the transaction: two
/// requests with one key may have come this far together.
Result<std::optional<WriteAnswer>> repeated(WriteSession& session, const WriteContext& context);

/// What filters see of the conversation, as it is now.
IndexedHeader indexed_header_of(TenantConnection& db, ConversationId id);

/// What was looked up before the write is not so any more.
WriteAnswer stale_answer();

/// Counts the change; its place in the order of changes.
std::int64_t note_change(WriteSession& session, const char* kind, ConversationId id);

/// `first`: index of the first of them.
void insert_messages(
    TenantConnection& db, ConversationId id, std::int64_t first, const PreparedMessages& content
);

}  // namespace rag::sqlite
