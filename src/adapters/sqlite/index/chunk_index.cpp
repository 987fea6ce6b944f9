#include "chunk_index.hpp"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include "candidate_search.hpp"
#include "index_state.hpp"
#include "timeline.hpp"

namespace rag::sqlite {
namespace {

/// Chunks that are staged under one exclusive lock; a search waits for no more than these.
constexpr std::size_t kStageChunks = 64;
/// Nor for more terms that are new: of a chunk that has more, they are taken in before.
constexpr std::size_t kStageTerms = 1'024;

/// Searches' working memory that is kept; more searches at once make their own.
constexpr std::size_t kScratchMax = 8;

/// Removed rows are scanned in vain, so from this share of all rows on they are dropped.
constexpr std::size_t kRemovedShare = 4;
constexpr std::size_t kRemovedMin = 4'096;

/// Any number of readers or one writer. A waiting writer goes before readers that come later, so
/// readers that overlap without end do not keep it out.
class Gate {
public:
    std::shared_lock<std::shared_mutex> read() {
        const std::lock_guard turn(turn_);
        return std::shared_lock(data_);
    }
    std::unique_lock<std::shared_mutex> write() {
        const std::lock_guard turn(turn_);
        return std::unique_lock(data_);
    }

private:
    std::mutex turn_;
    std::shared_mutex data_;
};

std::shared_ptr<ScanCrew> make_crew(std::size_t scan_threads) {
    return std::make_shared<ScanCrew>(std::max<std::size_t>(scan_threads, 1) - 1);
}

}  // namespace

class ChunkIndex::Impl {
public:
    explicit Impl(ChunkIndexOptions options)
        : state_(std::make_unique<IndexState>(options.dimension)),
          crew_(options.crew ? std::move(options.crew) : make_crew(options.scan_threads)) {}

    void apply(IndexBatch batch) {
        const std::vector<IndexedChunk>& added = batch.added;
        for (const IndexedChunk& chunk : added) intern_many(chunk.terms);
        for (std::size_t first = 0; first < added.size(); first += kStageChunks) {
            const auto lock = gate_.write();
            const std::size_t end = std::min(added.size(), first + kStageChunks);
            for (std::size_t i = first; i < end; ++i) state_->stage(added[i]);
        }
        {
            const auto lock = gate_.write();
            for (const ConversationId id : batch.removed) state_->remove(id);
            state_->publish();
        }
        const std::size_t removed = state_->removed_count();
        if (removed >= kRemovedMin && removed * kRemovedShare >= state_->row_count()) compact();
    }

    CandidateSet candidates(const ChunkQuery& query) const {
        std::unique_ptr<SearchScratch> scratch = take_scratch();
        CandidateSet found;
        {
            const auto lock = gate_.read();
            found = search_candidates(*state_, query, *scratch, *crew_);
        }
        give_back(std::move(scratch));
        return found;
    }

    std::vector<ChunkPlace> timeline(const TimelineQuery& query) const {
        const auto lock = gate_.read();
        return read_timeline(*state_, query);
    }

    std::vector<IndexedValue> values(FilterText text) const {
        const auto lock = gate_.read();
        return state_->values(text);
    }

    std::size_t size() const {
        const auto lock = gate_.read();
        return state_->chunk_count();
    }

    ChunkIndexStats stats() const {
        const auto lock = gate_.read();
        return {
            .chunks = state_->chunk_count(),
            .conversations = state_->conversation_count(),
            .terms = state_->term_count(),
            .chunks_embedded = state_->embedded_count(),
            .removed_rows = state_->removed_count(),
            .memory_bytes = state_->memory_bytes() + scratch_bytes()};
    }

private:
    void intern_many(std::span<const Term> terms) {
        if (terms.size() <= kStageTerms) return;
        for (std::size_t first = 0; first < terms.size(); first += kStageTerms) {
            const auto lock = gate_.write();
            state_->intern_terms(terms.subspan(first, std::min(kStageTerms, terms.size() - first)));
        }
    }

    /// Readers go on with the old rows meanwhile: nobody but this thread changes them.
    void compact() {
        auto smaller = std::make_unique<IndexState>(state_->dimension());
        for (std::size_t row = 0; row < state_->row_count(); ++row) {
            if (state_->alive(static_cast<Row>(row))) {
                smaller->stage_copy(*state_, static_cast<Row>(row));
            }
        }
        smaller->publish();
        const auto lock = gate_.write();
        state_.swap(smaller);
    }

    std::unique_ptr<SearchScratch> take_scratch() const {
        const std::lock_guard lock(scratch_mutex_);
        if (scratch_.empty()) return std::make_unique<SearchScratch>();
        std::unique_ptr<SearchScratch> taken = std::move(scratch_.back());
        scratch_.pop_back();
        return taken;
    }

    void give_back(std::unique_ptr<SearchScratch> scratch) const {
        const std::lock_guard lock(scratch_mutex_);
        if (scratch_.size() < kScratchMax) scratch_.push_back(std::move(scratch));
    }

    std::size_t scratch_bytes() const {
        const std::lock_guard lock(scratch_mutex_);
        std::size_t bytes = 0;
        for (const auto& scratch : scratch_) bytes += scratch->memory_bytes();
        return bytes;
    }

    mutable Gate gate_;
    std::unique_ptr<IndexState> state_;
    const std::shared_ptr<ScanCrew> crew_;
    mutable std::mutex scratch_mutex_;
    mutable std::vector<std::unique_ptr<SearchScratch>> scratch_;
};

ChunkIndex::ChunkIndex(ChunkIndexOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
ChunkIndex::~ChunkIndex() = default;

void ChunkIndex::apply(IndexBatch batch) { impl_->apply(std::move(batch)); }
std::vector<ChunkPlace> ChunkIndex::timeline(const TimelineQuery& query) const {
    return impl_->timeline(query);
}

std::vector<IndexedValue> ChunkIndex::values(FilterText text) const { return impl_->values(text); }

CandidateSet ChunkIndex::candidates(const ChunkQuery& query) const {
    return impl_->candidates(query);
}
std::size_t ChunkIndex::size() const { return impl_->size(); }
ChunkIndexStats ChunkIndex::stats() const { return impl_->stats(); }

}  // namespace rag::sqlite
