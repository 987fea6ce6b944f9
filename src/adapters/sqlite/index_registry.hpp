#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "domain/tenant.hpp"
#include "index/chunk_index.hpp"

namespace rag::sqlite {

/// What the tables hold of a tenant, as one transaction saw them.
struct TenantLevel {
    std::int64_t change_seq = 0;
    std::int64_t space_id = 0;  // Its row of the store's current space; 0: it has none.
    StoreCounts counts;
};

/// What the index of a tenant holds: up to which change, and how much.
struct IndexLevel {
    TenantLevel level;
    ChunkIndexStats stats;
};

/// A tenant's index together with what it is level with.
struct TenantIndex {
    std::shared_ptr<ChunkIndex> index;
    TenantLevel level;
};

/// The indexes in memory, one a tenant: nothing of one can be found, or counted, in another's. All
/// are built when the store is opened and a tenant's first write adds one, so they are bounded by
/// what the tables hold: asking for a tenant that was never seen makes none. Thread-safe; changed
/// by the writer alone.
class IndexRegistry {
public:
    /// `scan_threads`: those that share the scan of one search, whichever index it is in.
    explicit IndexRegistry(std::size_t scan_threads);

    /// Of all that is committed for the tenant. A search holds on to the one it began with while a
    /// change of the space puts another in its place: hence shared.
    std::shared_ptr<const ChunkIndex> index(const TenantId& tenant) const;
    /// All zeros: nothing was ever stored for it.
    TenantLevel level(const TenantId& tenant) const;
    /// The index's figures and its level, of one moment.
    IndexLevel index_level(const TenantId& tenant) const;
    bool has(const TenantId& tenant) const;
    /// The space that new vectors belong to and that is searched; dimension 0: none is known yet.
    EmbeddingSpace space() const;
    /// Of all tenants together.
    StoreCounts totals() const;

    /// How indexes of that space are made here.
    ChunkIndexOptions options_for(const EmbeddingSpace& space) const;

    /// Takes a commit in.
    void apply(const TenantId& tenant, std::vector<IndexBatch> batches, const TenantLevel& level);
    /// Puts what was built from the tables in the place of all there is.
    void replace(EmbeddingSpace space, std::map<TenantId, TenantIndex> indexes);

private:
    TenantIndex* find(const TenantId& tenant);
    const TenantIndex* find(const TenantId& tenant) const;

    const std::size_t scan_threads_;
    const std::shared_ptr<ScanCrew> crew_;
    const std::shared_ptr<const ChunkIndex> nothing_;  // What a tenant has that was never seen.

    mutable std::mutex applying_mutex_;   // Held while an index takes a commit in.
    mutable std::mutex published_mutex_;  // Guards the rest.
    std::map<TenantId, TenantIndex> indexes_;
    EmbeddingSpace space_;
    StoreCounts totals_;
};

}  // namespace rag::sqlite
