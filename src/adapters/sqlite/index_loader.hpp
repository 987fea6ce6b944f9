#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "connection.hpp"
#include "index_registry.hpp"

/// What the tables hold, tenant by tenant, for the indexes in memory.
namespace rag::sqlite {

using TenantLevels = std::map<TenantId, TenantLevel>;

/// All that something was ever stored for.
std::vector<TenantId> tenants_of(Connection& db);

/// As the index gets them, in order of id, with their vectors of that space.
std::vector<IndexedChunk> indexed_chunks_of(
    TenantConnection& db, std::int64_t space_id, ConversationId id
);

/// `space_id`: the tenant's row of the current space; 0: it has none.
TenantLevel read_level(TenantConnection& db, std::int64_t space_id);
TenantLevels read_levels(Connection& db, const EmbeddingSpace& space);

/// Builds the index of each tenant, with the vectors of the space that its level names. `goes_on`
/// is told now and then how many chunks were taken in; false: SQLITE_INTERRUPT is thrown.
std::map<TenantId, TenantIndex> build_indexes(
    Connection& db,
    const TenantLevels& levels,
    const ChunkIndexOptions& options,
    const std::function<bool(std::int64_t chunks)>& goes_on
);

}  // namespace rag::sqlite
