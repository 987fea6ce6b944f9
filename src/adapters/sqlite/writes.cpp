#include "writes.hpp"

#include <algorithm>
#include <span>

#include "answers.hpp"
#include "chunk_writes.hpp"
#include "rows.hpp"
#include "spaces.hpp"
#include "sql.hpp"
#include "text/fingerprint.hpp"
#include "text/normalize.hpp"

namespace rag::sqlite {

namespace {

std::int64_t count_of(std::size_t size) { return static_cast<std::int64_t>(size); }

WriteOutcome outcome_of(ConversationSummary summary) {
    WriteOutcome outcome;
    outcome.conversation_id = summary.id;
    outcome.messages_total = summary.message_count;
    outcome.chunks_total = summary.chunk_count;
    outcome.header = std::move(summary.header);
    outcome.created_at = summary.created_at;
    return outcome;
}

std::optional<ConversationSummary> summary_of(TenantConnection& db, ConversationId id) {
    Cursor row = db.query(sql::kConversation, id.value);
    if (!row.next()) return std::nullopt;
    return read_summary(row);
}

tl::unexpected<Error> no_such_conversation() {
    return fail(ErrorCode::not_found, "There is no such conversation.");
}

std::optional<ConversationId> find_same(TenantConnection& db, const encoding::Digest& digest) {
    Cursor row = db.query(sql::kFindByFingerprint, Blob(digest));
    if (!row.next()) return std::nullopt;
    return ConversationId{row.integer(0)};
}

void insert_messages(
    TenantConnection& db, ConversationId id, std::int64_t first, std::span<const Message> messages
) {
    for (std::int64_t index = first; const Message& message : messages) {
        db.run(
            sql::kInsertMessage,
            id.value,
            index++,
            message.author_name,
            text::comparison_form(message.author_name),
            message.author_type,
            static_cast<int>(author_class_of(message.author_type)),
            message.content,
            message.timestamp,
            message.external_id,
            stored(message.metadata)
        );
    }
}

/// A tenant's counters and statistics begin with its first write.
void begin_tenant(WriteSession& session) {
    if (session.tenant_known) return;
    session.db.run(sql::kAddCounters);
    session.db.run(sql::kAddTenant, session.analyzer_version);
    session.tenant_known = true;
}

std::int64_t note_change(WriteSession& session, const char* kind, ConversationId id) {
    const std::int64_t seq = session.db.integer(sql::kAdvanceCounter, "change_seq", 1);
    session.db.run(sql::kInsertChange, seq, kind, id.value, session.now);
    return seq;
}

void insert_conversation(
    WriteSession& session,
    ConversationId id,
    const NewConversation& conversation,
    const encoding::Digest& digest
) {
    const ConversationHeader& header = conversation.conversation.header;
    session.db.run(
        sql::kInsertConversation,
        id.value,
        header.scenario_title,
        text::comparison_form(header.scenario_title),
        header.original_title,
        header.url,
        header.external_id,
        stored(header.metadata),
        session.now,
        Blob(digest),
        count_of(conversation.conversation.messages.size()),
        count_of(conversation.chunks.size())
    );
}

/// The answer of the first time, if this is a repetition. Looked for inside the transaction: two
/// requests with one key may have come this far together.
Result<std::optional<WriteAnswer>> repeated(WriteSession& session, const WriteContext& context) {
    return find_answer(session.db, context.keys, context.body_digest, session.now);
}

}  // namespace

std::optional<WriteOutcome> find_duplicate(TenantConnection& db, const encoding::Digest& digest) {
    const std::optional<ConversationId> same = find_same(db, digest);
    if (!same) return std::nullopt;
    std::optional<ConversationSummary> summary = summary_of(db, *same);
    if (!summary) return std::nullopt;
    WriteOutcome outcome = outcome_of(std::move(*summary));
    outcome.duplicate = true;
    return outcome;
}

Result<WriteAnswer> save(
    WriteSession& session, NewConversation& conversation, const WriteContext& context
) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);

    const encoding::Digest digest = text::fingerprint(conversation.conversation);
    if (std::optional<WriteOutcome> duplicate = find_duplicate(session.db, digest)) {
        return store_answer(session.db, context, std::move(*duplicate), session.now);
    }
    const std::vector<Message>& messages = conversation.conversation.messages;
    Result<void> fits = check_chunks(session, messages, conversation.chunks);
    if (!fits) return tl::unexpected(std::move(fits.error()));

    begin_tenant(session);
    const ConversationId id{session.db.integer(sql::kAdvanceCounter, "conversation_id", 1)};
    const std::int64_t seq = note_change(session, "insert", id);
    insert_conversation(session, id, conversation, digest);
    insert_messages(session.db, id, 0, messages);
    const ChunkPlace place{id, conversation.conversation.header.scenario_title, seq, 0, 0};
    const std::int64_t length = insert_chunks(session, place, messages, conversation.chunks);

    WriteOutcome outcome;
    outcome.conversation_id = id;
    outcome.messages_written = count_of(messages.size());
    outcome.chunks_written = count_of(conversation.chunks.size());
    outcome.messages_total = outcome.messages_written;
    outcome.chunks_total = outcome.chunks_written;
    outcome.header = std::move(conversation.conversation.header);
    outcome.created_at = session.now;
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
    NewMessages& messages,
    std::size_t messages_max,
    const WriteContext& context
) {
    Result<std::optional<WriteAnswer>> known = repeated(session, context);
    if (!known) return tl::unexpected(std::move(known.error()));
    if (*known) return std::move(**known);

    const ConversationId id = messages.conversation_id;
    std::optional<ConversationSummary> summary = summary_of(session.db, id);
    if (!summary) return no_such_conversation();
    const std::int64_t total = summary->message_count + count_of(messages.messages.size());
    if (total > count_of(messages_max)) {
        return fail(
            ErrorCode::invalid_argument,
            "The conversation would hold more messages than are allowed.",
            "/messages"
        );
    }
    Result<void> fits = check_chunks(session, messages.messages, messages.chunks);
    if (!fits) return tl::unexpected(std::move(fits.error()));

    const std::int64_t seq = note_change(session, "append", id);
    encoding::Digest digest{};
    {
        Cursor row = session.db.query(sql::kFingerprint, id.value);
        if (row.next()) std::ranges::copy(row.blob(0).first(digest.size()), digest.begin());
    }
    digest = text::extended_fingerprint(digest, messages.messages);
    insert_messages(session.db, id, summary->message_count, messages.messages);
    const ChunkPlace place{
        id, summary->header.scenario_title, seq, summary->message_count, summary->chunk_count};
    const std::int64_t length = insert_chunks(session, place, messages.messages, messages.chunks);

    WriteOutcome outcome = outcome_of(std::move(*summary));
    outcome.messages_written = count_of(messages.messages.size());
    outcome.chunks_written = count_of(messages.chunks.size());
    outcome.messages_total += outcome.messages_written;
    outcome.chunks_total += outcome.chunks_written;
    session.db.run(
        sql::kExtendConversation,
        id.value,
        Blob(digest),
        outcome.messages_written,
        outcome.chunks_written
    );
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
