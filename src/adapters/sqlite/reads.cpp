#include "reads.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "rows.hpp"
#include "sql.hpp"
#include "text/normalize.hpp"

namespace rag::sqlite {

tl::unexpected<Error> no_such_conversation() {
    return fail(ErrorCode::not_found, "There is no such conversation.");
}

namespace {

bool exists(TenantConnection& db, ConversationId id) {
    return db.query(sql::kConversation, id.value).next();
}

/// Takes what it reads off `bytes_left`. False: there is more than that; what came stays.
bool add_messages(
    TenantConnection& db,
    ConversationId id,
    MessageRange range,
    std::vector<StoredMessage>& messages,
    std::size_t& bytes_left
) {
    if (range.from > range.to) return true;
    Cursor row = db.query(sql::kMessages, id.value, range.from, range.to);
    while (row.next()) {
        messages.push_back(read_message(row));
        const std::size_t bytes = read_bytes(messages.back().message);
        if (bytes > bytes_left) return false;
        bytes_left -= bytes;
    }
    return true;
}

/// Adds the messages before and after its span, without the span itself; all of them or none.
void add_context(
    TenantConnection& db, LoadedChunk& chunk, std::int64_t context, std::size_t& bytes_left
) {
    if (context == 0) return;
    const ConversationId id = chunk.stored.conversation_id;
    const std::int64_t first = chunk.stored.chunk.message_start;
    const std::int64_t last = chunk.stored.chunk.message_end;
    const bool fits =
        add_messages(db, id, {first - context, first - 1}, chunk.context, bytes_left) &&
        add_messages(db, id, {last + 1, last + context}, chunk.context, bytes_left);
    if (fits) return;
    bytes_left = 0;
    chunk.context = {};
    chunk.context_left_out = true;
}

/// The class that a filter's author type is of; nullopt: none, or it does not ask.
std::optional<int> class_of(const Filter& filter) {
    const std::optional<AuthorClass> known =
        filter.author_type ? author_class(*filter.author_type) : std::nullopt;
    if (!known) return std::nullopt;
    return static_cast<int>(*known);
}

bool asks_for_messages(const Filter& filter) {
    return filter.author_name || filter.author_type || filter.date_from || filter.date_to;
}

}  // namespace

Result<std::vector<LoadedChunk>> load(
    TenantConnection& db,
    const std::vector<ChunkId>& ids,
    std::size_t context,
    std::size_t bytes_max
) {
    std::size_t bytes_left = bytes_max;
    std::unordered_map<std::int64_t, ConversationSummary> headers;
    std::vector<LoadedChunk> loaded;
    loaded.reserve(ids.size());
    for (const ChunkId id : ids) {
        LoadedChunk chunk;
        {
            Cursor row = db.query(sql::kChunk, id.value);
            if (!row.next()) continue;
            ChunkRow read = read_chunk(row);
            chunk.stored = std::move(read.stored);
            chunk.tokens = read.tokens;
        }
        const std::int64_t conversation = chunk.stored.conversation_id.value;
        auto header = headers.find(conversation);
        if (header == headers.end()) {
            Cursor row = db.query(sql::kConversation, conversation);
            if (!row.next()) continue;
            header = headers.emplace(conversation, read_summary(row)).first;
        }
        chunk.conversation = header->second;
        add_context(db, chunk, static_cast<std::int64_t>(context), bytes_left);
        loaded.push_back(std::move(chunk));
    }
    return loaded;
}

Result<ConversationPage> list(TenantConnection& db, const ListQuery& query) {
    constexpr std::int64_t kNewest = std::numeric_limits<std::int64_t>::max();
    const Filter filter = text::comparison_form(query.filter);
    const ListPlace after = query.after.value_or(ListPlace{{kNewest}, {kNewest}});
    const auto limit = static_cast<std::int64_t>(query.limit);
    const auto order = static_cast<std::size_t>(query.order);
    std::optional<std::int64_t> id;
    if (filter.conversation_id) id = filter.conversation_id->value;

    ConversationPage page;
    const auto take = [&](Cursor row) {
        while (row.next()) {
            if (page.conversations.size() == query.limit) {
                page.more = true;
                return;
            }
            page.conversations.push_back(read_summary(row));
        }
    };
    const auto run = [&](const TenantStatement& statement, const auto&... of_message) {
        take(db.query(
            statement,
            after.time,
            after.id.value,
            limit + 1,
            query.skip,
            id,
            query.external_id,
            filter.scenario_title,
            of_message...
        ));
    };
    if (asks_for_messages(filter)) {
        const std::optional<int> author_class = class_of(filter);
        run(sql::kListByMessage[order],
            filter.author_name,
            author_class,
            filter.date_from,
            filter.date_to,
            author_class ? std::nullopt : filter.author_type);
    } else {
        run(sql::kListByHeader[order]);
    }
    return page;
}

Result<ConversationSummary> get(TenantConnection& db, ConversationId id) {
    Cursor row = db.query(sql::kConversation, id.value);
    if (!row.next()) return no_such_conversation();
    return read_summary(row);
}

Result<std::vector<StoredChunk>> chunks(
    TenantConnection& db, ConversationId id, std::size_t bytes_max
) {
    if (!exists(db, id)) return no_such_conversation();
    std::vector<StoredChunk> chunks;
    std::size_t bytes = 0;
    Cursor row = db.query(sql::kChunksOf, id.value);
    while (row.next()) {
        chunks.push_back(read_chunk(row).stored);
        bytes += chunks.back().chunk.text.size();
        if (bytes > bytes_max) {
            return fail(ErrorCode::too_large, "These are too many chunks at once.");
        }
    }
    return chunks;
}

Result<std::vector<StoredMessage>> messages(
    TenantConnection& db, ConversationId id, MessageRange range, std::size_t bytes_max
) {
    if (!exists(db, id)) return no_such_conversation();
    std::vector<StoredMessage> messages;
    std::size_t bytes_left = bytes_max;
    if (!add_messages(db, id, range, messages, bytes_left)) {
        return fail(ErrorCode::too_large, "These are too many messages at once.");
    }
    return messages;
}

StoreCounts counts(TenantConnection& db, std::int64_t space_id) {
    StoreCounts counts;
    {
        Cursor row = db.query(sql::kStatistics);
        if (!row.next()) return counts;  // A tenant that nothing was ever stored for.
        counts.conversations = row.integer(0);
        counts.messages = row.integer(1);
        counts.chunks = row.integer(2);
    }
    counts.chunks_without_embedding = counts.chunks - db.integer(sql::kSpaceChunks, space_id);
    return counts;
}

}  // namespace rag::sqlite
