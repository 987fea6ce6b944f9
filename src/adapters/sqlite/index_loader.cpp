#include "index_loader.hpp"

#include "blobs.hpp"
#include "reads.hpp"
#include "rows.hpp"
#include "spaces.hpp"
#include "sql.hpp"
#include "text/normalize.hpp"

namespace rag::sqlite {

namespace {

// Rows that are read before the index takes them in: bounds the memory held twice.
constexpr std::size_t kRowsAtOnce = 1'024;

ChunkEmbedding read_embedding(const Cursor& row) {
    ChunkEmbedding embedding;
    embedding.vector = decode_vector(row.blob(14));
    embedding.pieces.dimension = static_cast<std::size_t>(row.integer(15));
    const Blob bits = row.blob(16);
    embedding.pieces.bits.assign(bits.begin(), bits.end());
    embedding.pieces.content_ids = decode_ids(row.blob(17));
    embedding.pieces.unique_ids = decode_ascending_ids(row.blob(18));
    return embedding;
}

IndexedChunk read_indexed(const Cursor& row) {
    IndexedChunk chunk;
    chunk.chunk_id = ChunkId{row.integer(0)};
    chunk.conversation_id = ConversationId{row.integer(1)};
    chunk.order_index = static_cast<std::int32_t>(row.integer(2));
    chunk.author_name = row.optional_text(3);
    chunk.author_type = text::author_form(row.optional_text(4));
    chunk.message_times = decode_times(row.blob(6));
    chunk.timestamp = row.optional_time(5);
    if (!chunk.timestamp && !chunk.message_times.empty()) {
        chunk.timestamp = chunk.message_times.front();
    }
    chunk.traits.tokens = static_cast<std::uint32_t>(row.integer(7));
    chunk.traits.not_question = static_cast<float>(row.real(8));
    chunk.traits.says = static_cast<float>(row.real(9));
    chunk.traits.has_question_mark = row.integer(10) != 0;
    chunk.traits.has_time_word = row.integer(11) != 0;
    chunk.length = static_cast<std::uint32_t>(row.integer(12));
    chunk.terms = decode_terms(row.blob(13));
    chunk.header = read_indexed_header(row, 19);
    if (!row.is_null(14)) chunk.embedding = read_embedding(row);
    return chunk;
}

std::shared_ptr<ChunkIndex> build_index(
    TenantConnection& db,
    std::int64_t space_id,
    const ChunkIndexOptions& options,
    const std::function<bool(std::int64_t chunks)>& goes_on,
    std::int64_t& chunks
) {
    auto index = std::make_shared<ChunkIndex>(options);
    IndexBatch batch;
    Cursor row = db.query(sql::kIndexedChunks, space_id);
    while (row.next()) {
        batch.added.push_back(read_indexed(row));
        if (batch.added.size() < kRowsAtOnce) continue;
        chunks += static_cast<std::int64_t>(batch.added.size());
        if (!goes_on(chunks)) {
            throw SqliteError(SQLITE_INTERRUPT, "stopped while the index was built");
        }
        index->apply(std::move(batch));
        batch = {};
    }
    chunks += static_cast<std::int64_t>(batch.added.size());
    if (!batch.added.empty()) index->apply(std::move(batch));
    return index;
}

}  // namespace

std::vector<IndexedChunk> indexed_chunks_of(
    TenantConnection& db, std::int64_t space_id, ConversationId id
) {
    std::vector<IndexedChunk> chunks;
    Cursor row = db.query(sql::kIndexedChunksOf, space_id, id.value);
    while (row.next()) chunks.push_back(read_indexed(row));
    return chunks;
}

TenantLevel read_level(TenantConnection& db, std::int64_t space_id) {
    return {db.integer(sql::kCounter, "change_seq"), space_id, counts(db, space_id)};
}

std::vector<TenantId> tenants_of(Connection& db) {
    std::vector<TenantId> tenants;
    Cursor row = db.query(sql::kTenants);
    while (row.next()) tenants.push_back({row.text(0)});
    return tenants;
}

TenantLevels read_levels(Connection& db, const EmbeddingSpace& space) {
    TenantLevels levels;
    for (TenantId& tenant : tenants_of(db)) {
        TenantConnection of_tenant(db, tenant);
        const TenantLevel level = read_level(of_tenant, find_space(of_tenant, space));
        levels.emplace(std::move(tenant), level);
    }
    return levels;
}

std::map<TenantId, TenantIndex> build_indexes(
    Connection& db,
    const TenantLevels& levels,
    const ChunkIndexOptions& options,
    const std::function<bool(std::int64_t chunks)>& goes_on
) {
    std::map<TenantId, TenantIndex> indexes;
    std::int64_t chunks = 0;
    for (const auto& [tenant, level] : levels) {
        TenantConnection of_tenant(db, tenant);
        indexes[tenant] = {build_index(of_tenant, level.space_id, options, goes_on, chunks), level};
    }
    return indexes;
}

}  // namespace rag::sqlite
