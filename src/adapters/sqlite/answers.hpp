#pragma once

#include <optional>

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"

/// Idempotency records: the outcomes of writes, repeated to whoever repeats the write.
namespace rag::sqlite {

/// nullopt: none of the keys was used within `limits::kAnswersKept`. `key_reused`: one was, for
/// another request.
Result<std::optional<WriteAnswer>> find_answer(
    TenantConnection& db, const WriteContext& context, Timestamp now
);

/// Keeps the outcome under every key, as the answer of a write.
WriteAnswer store_answer(
    TenantConnection& db, const WriteContext& context, WriteOutcome outcome, Timestamp now
);

/// Forgets at most `limit` of the records that have expired. How many it forgot.
std::int64_t purge_answers(TenantConnection& db, Timestamp now, std::int64_t limit);

}  // namespace rag::sqlite
