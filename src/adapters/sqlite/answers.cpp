#include "answers.hpp"

#include <algorithm>

#include "domain/limits.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

/// What was stored then or before has expired.
Timestamp expired_at(Timestamp now) { return {now.ms - limits::kAnswersKept.count()}; }

}  // namespace

Result<std::optional<WriteAnswer>> find_answer(
    TenantConnection& db,
    const std::vector<WriteKey>& keys,
    const std::array<std::uint8_t, 32>& body_digest,
    Timestamp now
) {
    for (const WriteKey& key : keys) {
        Cursor row =
            db.query(sql::kFindAnswer, static_cast<int>(key.scope), key.key, expired_at(now));
        if (!row.next()) continue;
        if (!std::ranges::equal(row.blob(0), body_digest)) {
            return fail(ErrorCode::key_reused, "This key was used before with another body.");
        }
        WriteAnswer answer;
        answer.replayed = true;
        answer.status = static_cast<int>(row.integer(1));
        answer.body = as_text(row.blob(2));
        return answer;
    }
    return std::nullopt;
}

WriteAnswer store_answer(
    TenantConnection& db, const WriteContext& context, WriteOutcome outcome, Timestamp now
) {
    WriteAnswer answer;
    if (context.render) std::tie(answer.status, answer.body) = context.render(outcome);
    answer.outcome = std::move(outcome);
    const Blob body(reinterpret_cast<const std::uint8_t*>(answer.body.data()), answer.body.size());
    for (const WriteKey& key : context.keys) {
        db.run(
            sql::kStoreAnswer,
            static_cast<int>(key.scope),
            key.key,
            Blob(context.body_digest),
            answer.status,
            body,
            now
        );
    }
    return answer;
}

std::int64_t purge_answers(TenantConnection& db, Timestamp now, std::int64_t limit) {
    db.run(sql::kPurgeAnswers, expired_at(now), limit);
    return db.changes();
}

}  // namespace rag::sqlite
