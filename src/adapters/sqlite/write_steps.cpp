#include "write_steps.hpp"

#include <utility>

#include "answers.hpp"
#include "rows.hpp"
#include "sql.hpp"

namespace rag::sqlite {

WriteOutcome outcome_of(ConversationSummary summary) {
    WriteOutcome outcome;
    outcome.conversation_id = summary.id;
    outcome.messages_total = summary.message_count;
    outcome.chunks_total = summary.chunk_count;
    outcome.header = std::move(summary.header);
    outcome.created_at = summary.created_at;
    outcome.first_message_at = summary.first_message_at;
    outcome.last_message_at = summary.last_message_at;
    return outcome;
}

std::optional<ConversationSummary> summary_of(TenantConnection& db, ConversationId id) {
    Cursor row = db.query(sql::kConversation, id.value);
    if (!row.next()) return std::nullopt;
    return read_summary(row);
}

std::int64_t note_change(WriteSession& session, const char* kind, ConversationId id) {
    const std::int64_t seq = session.db.integer(sql::kAdvanceCounter, "change_seq", 1);
    session.db.run(sql::kInsertChange, seq, kind, id.value, session.now);
    return seq;
}

void insert_messages(
    TenantConnection& db, ConversationId id, std::int64_t first, const PreparedMessages& content
) {
    for (std::int64_t index = first; const PreparedMessage& prepared : content.messages) {
        const Message& message = prepared.message;
        db.run(
            sql::kInsertMessage,
            id.value,
            index++,
            message.author_name,
            prepared.compared_author_name,
            message.author_type,
            static_cast<int>(prepared.author_class),
            message.content,
            message.timestamp,
            message.external_id,
            stored(message.metadata),
            content.stored_at
        );
    }
}

Result<std::optional<WriteAnswer>> repeated(WriteSession& session, const WriteContext& context) {
    return find_answer(session.db, context, session.now);
}

IndexedHeader indexed_header_of(TenantConnection& db, ConversationId id) {
    Cursor row = db.query(sql::kIndexedHeader, id.value);
    if (!row.next()) return {};
    return read_indexed_header(row, 0);
}

WriteAnswer stale_answer() {
    WriteAnswer answer;
    answer.stale = true;
    return answer;
}

}  // namespace rag::sqlite
