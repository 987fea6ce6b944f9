#include "index_registry.hpp"

#include <algorithm>
#include <utility>

#include "index/scan_crew.hpp"

namespace rag::sqlite {

namespace {

void add(StoreCounts& sum, const StoreCounts& counts, std::int64_t times) {
    sum.conversations += times * counts.conversations;
    sum.messages += times * counts.messages;
    sum.chunks += times * counts.chunks;
    sum.chunks_without_embedding += times * counts.chunks_without_embedding;
}

}  // namespace

IndexRegistry::IndexRegistry(std::size_t scan_threads)
    : scan_threads_(std::max<std::size_t>(scan_threads, 1)),
      crew_(std::make_shared<ScanCrew>(scan_threads_ - 1)),
      nothing_(std::make_shared<const ChunkIndex>()) {}

ChunkIndexOptions IndexRegistry::options_for(const EmbeddingSpace& space) const {
    return {.dimension = space.dimension, .scan_threads = scan_threads_, .crew = crew_};
}

TenantIndex* IndexRegistry::find(const TenantId& tenant) {
    const auto found = indexes_.find(tenant);
    return found == indexes_.end() ? nullptr : &found->second;
}

const TenantIndex* IndexRegistry::find(const TenantId& tenant) const {
    const auto found = indexes_.find(tenant);
    return found == indexes_.end() ? nullptr : &found->second;
}

std::shared_ptr<const ChunkIndex> IndexRegistry::index(const TenantId& tenant) const {
    const std::lock_guard lock(published_mutex_);
    const TenantIndex* found = find(tenant);
    return found == nullptr ? nothing_ : found->index;
}

TenantLevel IndexRegistry::level(const TenantId& tenant) const {
    const std::lock_guard lock(published_mutex_);
    const TenantIndex* found = find(tenant);
    return found == nullptr ? TenantLevel{} : found->level;
}

IndexLevel IndexRegistry::index_level(const TenantId& tenant) const {
    const std::scoped_lock lock(applying_mutex_, published_mutex_);
    const TenantIndex* found = find(tenant);
    if (found == nullptr) return {};
    return {found->level, found->index->stats()};
}

bool IndexRegistry::has(const TenantId& tenant) const {
    const std::lock_guard lock(published_mutex_);
    return find(tenant) != nullptr;
}

EmbeddingSpace IndexRegistry::space() const {
    const std::lock_guard lock(published_mutex_);
    return space_;
}

StoreCounts IndexRegistry::totals() const {
    const std::lock_guard lock(published_mutex_);
    return totals_;
}

void IndexRegistry::apply(
    const TenantId& tenant, std::vector<IndexBatch> batches, const TenantLevel& level
) {
    const std::lock_guard applying(applying_mutex_);
    std::shared_ptr<ChunkIndex> index;
    {
        const std::lock_guard lock(published_mutex_);
        TenantIndex* found = find(tenant);
        if (found == nullptr) {
            TenantIndex made{std::make_shared<ChunkIndex>(options_for(space_)), {}};
            found = &indexes_.emplace(tenant, std::move(made)).first->second;
        }
        index = found->index;
    }
    // Searches go on meanwhile: only whoever compares index and level waits.
    for (IndexBatch& batch : batches) index->apply(std::move(batch));
    const std::lock_guard lock(published_mutex_);
    TenantIndex& changed = *find(tenant);
    add(totals_, changed.level.counts, -1);
    add(totals_, level.counts, 1);
    changed.level = level;
}

void IndexRegistry::replace(EmbeddingSpace space, std::map<TenantId, TenantIndex> indexes) {
    StoreCounts totals;
    for (const auto& [tenant, made] : indexes) add(totals, made.level.counts, 1);
    const std::scoped_lock lock(applying_mutex_, published_mutex_);
    indexes_.swap(indexes);
    space_ = std::move(space);
    totals_ = totals;
}

}  // namespace rag::sqlite
