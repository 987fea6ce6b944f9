#include <algorithm>
#include <utility>

#include "answers.hpp"
#include "chunk_writes.hpp"
#include "index_loader.hpp"
#include "rows.hpp"
#include "sql.hpp"
#include "write_steps.hpp"

namespace rag::sqlite {

namespace {

void change_header(TenantConnection& db, const PreparedChange& change) {
    const ConversationHeader& header = change.header->header;
    db.run(
        sql::kChangeHeader,
        change.conversation_id.value,
        header.scenario_title,
        change.compared.scenario_title,
        header.original_title,
        header.url,
        stored(header.metadata),
        stored(change.header->corrections)
    );
}

void change_messages(TenantConnection& db, const PreparedChange& change) {
    for (const ChangedMessage& one : change.changed) {
        db.run(
            sql::kChangeMessage,
            change.conversation_id.value,
            one.index,
            one.message.timestamp,
            one.message.external_id,
            stored(one.message.metadata)
        );
    }
    if (!change.changed.empty()) db.run(sql::kRenewChunkTimes, change.conversation_id.value);
}

void delete_content(WriteSession& session, ConversationId id) {
    forget_space_counts(session, id);
    session.db.run(sql::kDeleteChunks, id.value);
    session.db.run(sql::kDeleteMessages, id.value);
    session.index.removed.push_back(id);
}

/// The index learns of a changed chunk as of a new one, behind all others: it breaks ties by id, in
/// the order in which chunks came. So chunks that change get new ids.
void renew_chunks(WriteSession& session, ConversationId id) {
    std::int64_t first = 0;
    std::int64_t last = 0;
    {
        Cursor row = session.db.query(sql::kChunkIdSpan, id.value);
        if (!row.next() || row.is_null(0)) return;
        first = row.integer(0);
        last = row.integer(1);
    }
    const std::int64_t ids = last - first + 1;
    const std::int64_t given = session.db.integer(sql::kAdvanceCounter, "chunk_id", ids);
    const std::int64_t moved_by = given - last;
    session.db.store().run(sql::kDeferForeignKeys);
    for (const TenantStatement& statement : sql::kMoveChunkRows) {
        session.db.run(statement, id.value, moved_by);
    }
    session.index.removed.push_back(id);
    session.index.added = indexed_chunks_of(session.db, session.space_id, id);
}

/// `outcome`: of the conversation before; its counts, header and times become those after.
void write_change(WriteSession& session, PreparedChange& change, WriteOutcome& outcome) {
    const ConversationId id = change.conversation_id;
    PreparedMessages& content = change.content;
    const std::int64_t seq = note_change(session, "change", id);
    const std::int64_t length_before = session.db.integer(sql::kTermsLengthOf, id.value);
    const std::int64_t messages_before = outcome.messages_total;
    const std::int64_t chunks_before = outcome.chunks_total;

    if (change.replaces) {
        delete_content(session, id);
        outcome.messages_total = 0;
        outcome.chunks_total = 0;
    }
    if (change.header) {
        change_header(session.db, change);
        outcome.header = std::move(change.header->header);
    }
    change_messages(session.db, change);
    const bool renewed = !change.replaces && (change.header || !change.changed.empty());
    if (renewed) renew_chunks(session, id);
    insert_messages(session.db, id, outcome.messages_total, content);
    const ChunkPlace place{
        id, indexed_header_of(session.db, id), seq, outcome.messages_total, outcome.chunks_total};
    const std::int64_t chunks_added = count_of(content.chunks.size());
    if (chunks_added > 0) insert_chunks(session, place, content.chunks);

    outcome.messages_total += count_of(content.messages.size());
    outcome.chunks_total += chunks_added;
    session.db.run(
        sql::kRecountConversation,
        id.value,
        Blob(change.fingerprint_after),
        outcome.messages_total,
        outcome.chunks_total
    );
    session.db.run(
        sql::kAddStatistics,
        0,
        outcome.messages_total - messages_before,
        outcome.chunks_total - chunks_before,
        session.db.integer(sql::kTermsLengthOf, id.value) - length_before
    );
    Cursor span = session.db.query(sql::kMessageSpan, id.value);
    span.next();
    outcome.first_message_at = Timestamp{span.integer(0)};
    outcome.last_message_at = Timestamp{span.integer(1)};
}

}  // namespace

Result<WriteAnswer> change(
    WriteSession& session, PreparedChange& change, const WriteContext& context
) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);

    const ConversationId id = change.conversation_id;
    std::optional<ConversationSummary> found = summary_of(session.db, id);
    if (!found || found->fingerprint != change.fingerprint_before) return stale_answer();
    PreparedMessages& content = change.content;
    Result<void> fits = check_vectors(session, content.chunks);
    if (!content.chunks.empty() && !fits) return tl::unexpected(std::move(fits.error()));

    WriteOutcome outcome = outcome_of(std::move(*found));
    const bool changes = change.header || !change.changed.empty();
    if (changes || change.replaces || !content.messages.empty()) {
        write_change(session, change, outcome);
    }
    outcome.duplicate = change.outcome.duplicate;
    outcome.updated = change.outcome.updated;
    outcome.extended = change.outcome.extended;
    outcome.replaced = change.outcome.replaced;
    outcome.messages_known = change.outcome.messages_known;
    outcome.messages_without_words = change.outcome.messages_without_words;
    outcome.messages_written = count_of(content.messages.size());
    outcome.chunks_written = count_of(content.chunks.size());
    return store_answer(session.db, context, std::move(outcome), session.now);
}

}  // namespace rag::sqlite
