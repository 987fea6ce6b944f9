#include "writes.hpp"

#include <algorithm>
#include <span>

#include "answers.hpp"
#include "application/fingerprint.hpp"
#include "chunk_writes.hpp"
#include "reads.hpp"
#include "rows.hpp"
#include "spaces.hpp"
#include "sql.hpp"
#include "write_steps.hpp"

namespace rag::sqlite {

namespace {

/// What was computed before the write was queued, or, where another append came in between, what
/// follows from what is there now.
encoding::Digest grown_fingerprint(const PreparedAppend& append, const encoding::Digest& found) {
    if (found == append.fingerprint_before) return append.fingerprint_after;
    encoding::Digest digest = found;
    for (const PreparedMessage& prepared : append.content.messages) {
        digest = extended_fingerprint(digest, std::span(&prepared.message, 1));
    }
    return digest;
}

/// A tenant's counters and statistics begin with its first write.
void begin_tenant(WriteSession& session) {
    if (session.tenant_known) return;
    session.db.run(sql::kAddCounters);
    session.db.run(sql::kAddTenant, session.analyzer_version);
    session.tenant_known = true;
}

void insert_conversation(
    WriteSession& session, ConversationId id, const PreparedConversation& conversation
) {
    const ConversationHeader& header = conversation.header;
    session.db.run(
        sql::kInsertConversation,
        id.value,
        header.scenario_title,
        conversation.compared.scenario_title,
        header.original_title,
        header.url,
        header.external_id,
        stored(header.metadata),
        session.now,
        Blob(conversation.fingerprint),
        count_of(conversation.content.messages.size()),
        count_of(conversation.content.chunks.size()),
        conversation.content.first_at,
        conversation.content.last_at
    );
}

std::optional<ConversationId> find_same(TenantConnection& db, const encoding::Digest& digest) {
    Cursor row = db.query(sql::kFindByFingerprint, Blob(digest));
    if (!row.next()) return std::nullopt;
    return ConversationId{row.integer(0)};
}

/// The tenant's conversation of the same content with the lowest id, as the outcome of a duplicate.
std::optional<WriteOutcome> find_duplicate(
    TenantConnection& db, const encoding::Digest& fingerprint
) {
    const std::optional<ConversationId> same = find_same(db, fingerprint);
    if (!same) return std::nullopt;
    std::optional<ConversationSummary> summary = summary_of(db, *same);
    if (!summary) return std::nullopt;
    WriteOutcome outcome = outcome_of(std::move(*summary));
    outcome.duplicate = true;
    return outcome;
}

std::optional<ConversationSummary> find_named(TenantConnection& db, const std::string& name) {
    Cursor row = db.query(sql::kFindByExternalId, name);
    if (!row.next()) return std::nullopt;
    return read_summary(row);
}

}  // namespace

Result<KnownWrite> find_known(
    TenantConnection& db,
    const WriteContext& context,
    const std::optional<SoughtConversation>& sought,
    Timestamp now
) {
    Result<std::optional<WriteAnswer>> answer = find_answer(db, context, now);
    if (!answer) return tl::unexpected(std::move(answer.error()));
    KnownWrite known;
    known.answer = std::move(*answer);
    if (known.answer || !sought) return known;
    known.duplicate = find_duplicate(db, sought->fingerprint);
    if (sought->external_id) known.named = find_named(db, *sought->external_id);
    return known;
}

Result<WriteAnswer> save(
    WriteSession& session, PreparedConversation& conversation, const WriteContext& context
) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);

    if (std::optional<WriteOutcome> same = find_duplicate(session.db, conversation.fingerprint)) {
        return store_answer(session.db, context, std::move(*same), session.now);
    }
    const std::optional<std::string>& name = conversation.header.external_id;
    if (name && find_named(session.db, *name)) return stale_answer();
    PreparedMessages& content = conversation.content;
    Result<void> fits = check_vectors(session, content.chunks);
    if (!fits) return tl::unexpected(std::move(fits.error()));

    begin_tenant(session);
    const ConversationId id{session.db.integer(sql::kAdvanceCounter, "conversation_id", 1)};
    const std::int64_t seq = note_change(session, "insert", id);
    insert_conversation(session, id, conversation);
    insert_messages(session.db, id, 0, content);
    const ChunkPlace place{id, conversation.compared, seq, 0, 0};
    const std::int64_t length = insert_chunks(session, place, content.chunks);

    WriteOutcome outcome;
    outcome.conversation_id = id;
    outcome.messages_written = count_of(content.messages.size());
    outcome.chunks_written = count_of(content.chunks.size());
    outcome.messages_total = outcome.messages_written;
    outcome.chunks_total = outcome.chunks_written;
    outcome.header = std::move(conversation.header);
    outcome.created_at = session.now;
    outcome.first_message_at = content.first_at;
    outcome.last_message_at = content.last_at;
    outcome.messages_without_words = conversation.messages_without_words;
    session.db.run(
        sql::kAddStatistics, 1, outcome.messages_written, outcome.chunks_written, length
    );
    return store_answer(session.db, context, std::move(outcome), session.now);
}

Result<WriteAnswer> save_duplicate(
    WriteSession& session, const WriteOutcome& outcome, const WriteContext& context
) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);
    if (!summary_of(session.db, outcome.conversation_id)) return no_such_conversation();
    return store_answer(session.db, context, outcome, session.now);
}

Result<WriteAnswer> append(
    WriteSession& session,
    PreparedAppend& messages,
    std::size_t messages_max,
    const WriteContext& context
) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);

    const ConversationId id = messages.conversation_id;
    std::optional<ConversationSummary> summary = summary_of(session.db, id);
    if (!summary) return no_such_conversation();
    PreparedMessages& content = messages.content;
    const std::int64_t total = summary->message_count + count_of(content.messages.size());
    if (total > count_of(messages_max)) {
        return fail(
            ErrorCode::invalid_argument,
            "The conversation would hold more messages than are allowed.",
            "/messages"
        );
    }
    Result<void> fits = check_vectors(session, content.chunks);
    if (!fits) return tl::unexpected(std::move(fits.error()));

    const std::int64_t seq = note_change(session, "append", id);
    const encoding::Digest digest = grown_fingerprint(messages, summary->fingerprint);
    insert_messages(session.db, id, summary->message_count, content);
    const ChunkPlace place{
        id, indexed_header_of(session.db, id), seq, summary->message_count, summary->chunk_count};
    const std::int64_t length = insert_chunks(session, place, content.chunks);

    WriteOutcome outcome = outcome_of(std::move(*summary));
    outcome.messages_written = count_of(content.messages.size());
    outcome.chunks_written = count_of(content.chunks.size());
    outcome.messages_total += outcome.messages_written;
    outcome.chunks_total += outcome.chunks_written;
    session.db.run(
        sql::kExtendConversation,
        id.value,
        Blob(digest),
        outcome.messages_written,
        outcome.chunks_written,
        content.first_at,
        content.last_at
    );
    outcome.first_message_at = std::min(outcome.first_message_at, content.first_at);
    outcome.last_message_at = std::max(outcome.last_message_at, content.last_at);
    outcome.messages_without_words = messages.messages_without_words;
    session.db.run(
        sql::kAddStatistics, 0, outcome.messages_written, outcome.chunks_written, length
    );
    return store_answer(session.db, context, std::move(outcome), session.now);
}

Result<WriteAnswer> remove(WriteSession& session, ConversationId id, const WriteContext& context) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);

    std::optional<ConversationSummary> summary = summary_of(session.db, id);
    if (!summary) return no_such_conversation();
    WriteOutcome outcome = outcome_of(std::move(*summary));
    outcome.chunks_deleted = outcome.chunks_total;

    const std::int64_t length = session.db.integer(sql::kTermsLengthOf, id.value);
    forget_space_counts(session, id);
    session.db.run(sql::kDeleteConversation, id.value);
    session.db.run(
        sql::kAddStatistics, -1, -outcome.messages_total, -outcome.chunks_total, -length
    );
    note_change(session, "delete", id);
    session.index.removed.push_back(id);
    outcome.messages_total = 0;
    outcome.chunks_total = 0;
    return store_answer(session.db, context, std::move(outcome), session.now);
}

Result<void> use_space(WriteSession& session, const EmbeddingSpace& space) {
    if (space == session.space) return {};
    set_current_space(session.db.store(), space);
    session.space = space;
    return {};
}

}  // namespace rag::sqlite
