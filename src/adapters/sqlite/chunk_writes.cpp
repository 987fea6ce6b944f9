#include "chunk_writes.hpp"

#include <utility>

#include "spaces.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

void insert_chunk(TenantConnection& db, const ChunkPlace& place, const PreparedChunk& prepared) {
    const Chunk& chunk = prepared.chunk;
    const IndexedChunk& indexed = prepared.indexed;
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
        static_cast<int>(author_class_of(indexed.author_type)),
        chunk.timestamp,
        Blob(prepared.message_times),
        indexed.traits.tokens,
        double{indexed.traits.not_question},
        double{indexed.traits.says},
        indexed.traits.has_question_mark ? 1 : 0,
        indexed.traits.has_time_word ? 1 : 0
    );
}

void insert_parts(WriteSession& session, const PreparedChunk& prepared) {
    const IndexedChunk& chunk = prepared.indexed;
    const std::int64_t id = chunk.chunk_id.value;
    session.db.run(
        sql::kInsertTerms, id, session.analyzer_version, chunk.length, Blob(prepared.terms)
    );
    session.db.run(
        sql::kInsertEmbedding, session.space_id, id, vector_blob(chunk.embedding.vector)
    );
    session.db.run(
        sql::kInsertPieces,
        session.space_id,
        id,
        chunk.embedding.pieces.dimension,
        Blob(chunk.embedding.pieces.bits),
        Blob(prepared.content_ids),
        Blob(prepared.unique_ids)
    );
}

}  // namespace

Result<void> check_vectors(const WriteSession& session, std::span<const PreparedChunk> chunks) {
    if (session.space.dimension == 0) {
        return fail(ErrorCode::unavailable, "The embedding model is still loading.");
    }
    for (const PreparedChunk& chunk : chunks) {
        if (chunk.indexed.embedding.vector.size() != session.space.dimension) {
            return fail(ErrorCode::internal, "A vector does not belong to the current model.");
        }
    }
    return {};
}

std::int64_t insert_chunks(
    WriteSession& session, const ChunkPlace& place, std::span<PreparedChunk> chunks
) {
    const auto count = static_cast<std::int64_t>(chunks.size());
    if (session.space_id == 0) session.space_id = find_or_add_space(session.db, session.space);
    std::int64_t id = session.db.integer(sql::kAdvanceCounter, "chunk_id", count) - count;
    std::int64_t length = 0;
    for (PreparedChunk& chunk : chunks) {
        IndexedChunk& indexed = chunk.indexed;
        indexed.chunk_id = ChunkId{++id};
        indexed.conversation_id = place.conversation_id;
        indexed.order_index += static_cast<std::int32_t>(place.first_chunk);
        indexed.header = place.header;
        insert_chunk(session.db, place, chunk);
        insert_parts(session, chunk);
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
