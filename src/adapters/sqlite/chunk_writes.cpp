#include "chunk_writes.hpp"

#include <utility>

#include "blobs.hpp"
#include "spaces.hpp"
#include "sql.hpp"
#include "text/normalize.hpp"

namespace rag::sqlite {

namespace {

void insert_chunk(
    TenantConnection& db,
    const ChunkPlace& place,
    const Chunk& chunk,
    const IndexedChunk& indexed,
    const ChunkTraits& traits
) {
    db.run(
        sql::kInsertChunk,
        indexed.chunk_id.value,
        place.conversation_id.value,
        indexed.order_index,
        place.change_seq,
        place.first_message + chunk.message_start,
        place.first_message + chunk.message_end,
        chunk.text,
        chunk.author_name,
        indexed.author_name,
        chunk.author_type,
        static_cast<int>(indexed.author_class),
        chunk.timestamp,
        Blob(encode_times(indexed.message_times)),
        traits.tokens,
        double{traits.not_question},
        double{traits.says},
        traits.has_question_mark ? 1 : 0,
        traits.has_time_word ? 1 : 0
    );
}

void insert_parts(WriteSession& session, const IndexedChunk& chunk) {
    const std::int64_t id = chunk.chunk_id.value;
    session.db.run(
        sql::kInsertTerms,
        id,
        session.analyzer_version,
        chunk.length,
        Blob(encode_terms(chunk.terms))
    );
    session.db.run(
        sql::kInsertEmbedding, session.space_id, id, vector_blob(chunk.embedding.vector)
    );
    const PieceBits& pieces = chunk.embedding.pieces;
    session.db.run(
        sql::kInsertPieces,
        session.space_id,
        id,
        pieces.dimension,
        Blob(pieces.bits),
        Blob(encode_ids(pieces.content_ids)),
        Blob(encode_ascending_ids(pieces.unique_ids))
    );
}

IndexedChunk indexed_form(
    const ChunkPlace& place, ChunkId id, std::span<const Message> messages, NewChunk& chunk
) {
    IndexedChunk indexed;
    indexed.chunk_id = id;
    indexed.conversation_id = place.conversation_id;
    indexed.order_index = static_cast<std::int32_t>(place.first_chunk) + chunk.chunk.order_index;
    indexed.author_name = text::comparison_form(chunk.chunk.author_name);
    indexed.author_class = author_class_of(chunk.chunk.author_type);
    indexed.scenario_title = place.scenario_title;
    indexed.timestamp = chunk.chunk.timestamp;
    indexed.message_times = message_times(chunk.chunk, messages);
    indexed.traits = chunk.traits;
    indexed.terms = std::move(chunk.terms);
    indexed.length = chunk.length;
    indexed.embedding = std::move(chunk.embedding);
    return indexed;
}

}  // namespace

Result<void> check_chunks(
    const WriteSession& session, std::span<const Message> messages, std::span<const NewChunk> chunks
) {
    if (session.space.dimension == 0) {
        return fail(ErrorCode::unavailable, "The embedding model is still loading.");
    }
    const auto count = static_cast<std::int64_t>(messages.size());
    for (const NewChunk& chunk : chunks) {
        if (chunk.embedding.vector.size() != session.space.dimension) {
            return fail(ErrorCode::internal, "A vector does not belong to the current model.");
        }
        const std::int64_t first = chunk.chunk.message_start;
        const std::int64_t last = chunk.chunk.message_end;
        if (first < 0 || first > last || last >= count) {
            return fail(ErrorCode::internal, "A chunk covers messages that are not there.");
        }
    }
    return {};
}

std::int64_t insert_chunks(
    WriteSession& session,
    const ChunkPlace& place,
    std::span<const Message> messages,
    std::span<NewChunk> chunks
) {
    const auto count = static_cast<std::int64_t>(chunks.size());
    if (session.space_id == 0) session.space_id = find_or_add_space(session.db, session.space);
    std::int64_t id = session.db.integer(sql::kAdvanceCounter, "chunk_id", count) - count;
    ChunkPlace compared_place = place;
    compared_place.scenario_title = text::comparison_form(place.scenario_title);
    std::int64_t length = 0;
    for (NewChunk& chunk : chunks) {
        IndexedChunk indexed = indexed_form(compared_place, ChunkId{++id}, messages, chunk);
        insert_chunk(session.db, place, chunk.chunk, indexed, chunk.traits);
        insert_parts(session, indexed);
        length += indexed.length;
        session.index.added.push_back(std::move(indexed));
    }
    session.db.run(sql::kAddSpaceChunks, session.space_id, count);
    return length;
}

void forget_space_counts(WriteSession& session, ConversationId id) {
    std::vector<std::pair<std::int64_t, std::int64_t>> counts;
    {
        Cursor row = session.db.query(sql::kCountBySpace, id.value);
        while (row.next()) counts.emplace_back(row.integer(0), row.integer(1));
    }
    for (const auto& [space, count] : counts) session.db.run(sql::kAddSpaceChunks, space, -count);
}

}  // namespace rag::sqlite
