#include "answers.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "domain/limits.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

// What outcome_version says of a record that holds an answer as an earlier program rendered it.
constexpr std::int64_t kRendered = 0;

/// What was stored then or before has expired.
Timestamp expired_at(Timestamp now) { return {now.ms - limits::kAnswersKept.count()}; }

bool is_of(const WriteContext& context, Blob digest) {
    if (std::ranges::equal(digest, context.request_digest)) return true;
    return context.former_digest && std::ranges::equal(digest, *context.former_digest);
}

/// As a JSON array; none where there is nothing to say.
std::optional<std::string> places_text(const std::vector<std::int64_t>& places) {
    if (places.empty()) return std::nullopt;
    std::string text;
    for (const std::int64_t place : places) {
        text += text.empty() ? '[' : ',';
        text += std::to_string(place);
    }
    return text + "]";
}

std::vector<std::int64_t> read_places(const std::optional<std::string>& text) {
    std::vector<std::int64_t> places;
    if (!text) return places;
    const char* const end = text->data() + text->size();
    for (const char* next = text->data() + 1; next < end;) {
        std::int64_t place = 0;
        const auto [behind, error] = std::from_chars(next, end, place);
        if (error != std::errc()) break;
        places.push_back(place);
        next = behind + 1;
    }
    return places;
}

WriteOutcome read_outcome(const Cursor& row) {
    WriteOutcome outcome;
    outcome.conversation_id = ConversationId{row.integer(4)};
    outcome.duplicate = row.integer(5) != 0;
    outcome.messages_written = row.integer(6);
    outcome.chunks_written = row.integer(7);
    outcome.messages_total = row.integer(8);
    outcome.chunks_total = row.integer(9);
    outcome.chunks_deleted = row.integer(10);
    outcome.header.scenario_title = row.optional_text(11);
    outcome.header.original_title = row.optional_text(12);
    outcome.header.url = row.optional_text(13);
    outcome.created_at = Timestamp{row.integer(14)};
    outcome.updated = row.integer(15) != 0;
    outcome.extended = row.integer(16) != 0;
    outcome.replaced = row.integer(17) != 0;
    outcome.messages_known = row.integer(18);
    outcome.header.external_id = row.optional_text(19);
    outcome.first_message_at = Timestamp{row.integer(20)};
    outcome.last_message_at = Timestamp{row.integer(21)};
    outcome.messages_without_words = read_places(row.optional_text(22));
    return outcome;
}

}  // namespace

Result<std::optional<WriteAnswer>> find_answer(
    TenantConnection& db, const WriteContext& context, Timestamp now
) {
    for (const WriteKey& key : context.keys) {
        Cursor row =
            db.query(sql::kFindAnswer, static_cast<int>(key.scope), key.key, expired_at(now));
        if (!row.next()) continue;
        if (!is_of(context, row.blob(0))) {
            return fail(ErrorCode::key_reused, "This key was used before with another body.");
        }
        WriteAnswer answer;
        answer.replayed = true;
        if (row.integer(1) == kRendered) {
            answer.former = FormerAnswer{static_cast<int>(row.integer(2)), row.text(3)};
        } else {
            answer.outcome = read_outcome(row);
        }
        return answer;
    }
    return std::nullopt;
}

WriteAnswer store_answer(
    TenantConnection& db, const WriteContext& context, WriteOutcome outcome, Timestamp now
) {
    for (const WriteKey& key : context.keys) {
        db.run(
            sql::kStoreAnswer,
            static_cast<int>(key.scope),
            key.key,
            Blob(context.request_digest),
            now,
            outcome.conversation_id.value,
            outcome.duplicate ? 1 : 0,
            outcome.messages_written,
            outcome.chunks_written,
            outcome.messages_total,
            outcome.chunks_total,
            outcome.chunks_deleted,
            outcome.header.scenario_title,
            outcome.header.original_title,
            outcome.header.url,
            outcome.created_at,
            outcome.updated ? 1 : 0,
            outcome.extended ? 1 : 0,
            outcome.replaced ? 1 : 0,
            outcome.messages_known,
            outcome.header.external_id,
            outcome.first_message_at,
            outcome.last_message_at,
            places_text(outcome.messages_without_words)
        );
    }
    WriteAnswer answer;
    answer.outcome = std::move(outcome);
    return answer;
}

std::int64_t purge_answers(TenantConnection& db, Timestamp now, std::int64_t limit) {
    db.run(sql::kPurgeAnswers, expired_at(now), limit);
    return db.changes();
}

}  // namespace rag::sqlite
