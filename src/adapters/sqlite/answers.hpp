#pragma once

#include <optional>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"

/// Idempotency records: the answers that writes were given, repeated to whoever repeats the write.
namespace rag::sqlite {

/// nullopt: none of the keys was used within `limits::kAnswersKept`. `key_reused`: one was, with
/// another body.
Result<std::optional<WriteAnswer>> find_answer(
    TenantConnection& db,
    const std::vector<WriteKey>& keys,
    const std::array<std::uint8_t, 32>& body_digest,
    Timestamp now
);

/// Renders the answer of an outcome and keeps it under every key.
WriteAnswer store_answer(
    TenantConnection& db, const WriteContext& context, WriteOutcome outcome, Timestamp now
);

/// Forgets at most `limit` of the records that have expired. How many it forgot.
std::int64_t purge_answers(TenantConnection& db, Timestamp now, std::int64_t limit);

}  // namespace rag::sqlite
