#include "rows.hpp"

#include <algorithm>

#include "encoding/json.hpp"

namespace rag::sqlite {

namespace {

Metadata metadata_of(const Cursor& row, int column) { return {row.text(column), {}}; }

std::int32_t small(const Cursor& row, int column) {
    return static_cast<std::int32_t>(row.integer(column));
}

Corrections read_corrections(const std::string& text) {
    Corrections corrections;
    const Result<encoding::Value> read = encoding::parse_json(text);
    const encoding::Object* object = read ? read->object() : nullptr;
    if (object == nullptr) throw SqliteError(SQLITE_CORRUPT, "corrections that cannot be read");
    for (const encoding::Member& member : object->members) {
        const std::string* said = member.value.string();
        corrections[member.name] = said == nullptr ? std::nullopt : std::optional(*said);
    }
    return corrections;
}

}  // namespace

ConversationSummary read_summary(const Cursor& row) {
    ConversationSummary summary;
    summary.id = ConversationId{row.integer(0)};
    summary.header.scenario_title = row.optional_text(1);
    summary.header.original_title = row.optional_text(2);
    summary.header.url = row.optional_text(3);
    summary.header.external_id = row.optional_text(4);
    summary.header.metadata = metadata_of(row, 5);
    summary.created_at = Timestamp{row.integer(6)};
    summary.message_count = row.integer(7);
    summary.chunk_count = row.integer(8);
    const Blob fingerprint = row.blob(9);
    // One of another size is a damaged one, which equals nothing.
    if (fingerprint.size() == summary.fingerprint.size()) {
        std::ranges::copy(fingerprint, summary.fingerprint.begin());
    }
    summary.first_message_at = Timestamp{row.integer(10)};
    summary.last_message_at = Timestamp{row.integer(11)};
    if (!row.is_null(12)) summary.corrections = read_corrections(row.text(12));
    return summary;
}

StoredMessage read_message(const Cursor& row) {
    StoredMessage stored;
    stored.index = row.integer(0);
    stored.message.author_name = row.optional_text(1);
    stored.message.author_type = row.optional_text(2);
    stored.message.content = row.text(3);
    stored.message.timestamp = row.optional_time(4);
    stored.message.external_id = row.optional_text(5);
    stored.message.metadata = metadata_of(row, 6);
    stored.stored_at = Timestamp{row.integer(7)};
    return stored;
}

ChunkRow read_chunk(const Cursor& row) {
    ChunkRow read;
    read.stored.id = ChunkId{row.integer(0)};
    read.stored.conversation_id = ConversationId{row.integer(1)};
    Chunk& chunk = read.stored.chunk;
    chunk.order_index = small(row, 2);
    chunk.text = row.text(3);
    chunk.author_name = row.optional_text(4);
    chunk.author_type = row.optional_text(5);
    chunk.timestamp = row.optional_time(6);
    chunk.message_start = small(row, 7);
    chunk.message_end = small(row, 8);
    read.tokens = static_cast<std::uint32_t>(row.integer(9));
    return read;
}

IndexedHeader read_indexed_header(const Cursor& row, int first_column) {
    return {.scenario_title = row.optional_text(first_column)};
}

std::optional<std::string> stored(const Corrections& corrections) {
    if (corrections.empty()) return std::nullopt;
    encoding::JsonWriter out;
    out.begin_object();
    for (const auto& [name, said] : corrections) out.member(name, said);
    out.end_object();
    return out.take();
}

std::optional<std::string> stored(const Metadata& metadata) {
    if (metadata.raw.empty()) return std::nullopt;
    return metadata.raw;
}

}  // namespace rag::sqlite
