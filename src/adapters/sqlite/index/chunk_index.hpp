#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/chunk.hpp"
#include "domain/conversation.hpp"
#include "domain/nearest_values.hpp"
#include "domain/search.hpp"
#include "domain/time.hpp"

namespace rag::sqlite {

/// What filters ask of the conversation that a chunk is of, in the form that they compare.
struct IndexedHeader {
    std::optional<std::string> scenario_title;
};

/// A stored chunk with all that searching it needs. Texts that filters compare are in NFC.
struct IndexedChunk {
    ChunkId chunk_id;
    ConversationId conversation_id;
    std::int32_t order_index = 0;
    std::optional<std::string> author_name;
    std::optional<std::string> author_type;  // As text::author_form gives it.
    IndexedHeader header;
    std::optional<Timestamp> timestamp;    // Of its first message.
    std::vector<Timestamp> message_times;  // Of all its messages that have one.
    ChunkTraits traits;
    std::vector<Term> terms;
    std::uint32_t length = 0;  // Sum of the counts of its terms, stop words left out.
    /// In the space that is searched; an empty vector: the chunk is found by words only.
    ChunkEmbedding embedding;
};

/// What one commit changed.
struct IndexBatch {
    std::vector<ConversationId> removed;  // Taken out before `added` comes in.
    std::vector<IndexedChunk> added;
};

struct IndexedValue {
    std::string value;
    ChunkId chunk_id;
};

/// A text of a filter.
using FilterText = std::optional<std::string> Filter::*;

class ScanCrew;

struct ChunkIndexOptions {
    std::size_t dimension = 0;  // Of the space; 0: that of the first vector that comes.
    /// Threads that share the scan of one search, the caller included.
    std::size_t scan_threads = 1;
    /// Shared among several indexes, so that each need not have threads of its own; empty: one of
    /// `scan_threads` for this index alone.
    std::shared_ptr<ScanCrew> crew = {};
};

struct ChunkIndexStats {
    std::size_t chunks = 0;
    std::size_t conversations = 0;
    std::size_t terms = 0;            // Distinct ones.
    std::size_t chunks_embedded = 0;  // Those that have a vector.
    std::size_t removed_rows = 0;     // Of removed chunks, until they are compacted away.
    std::size_t memory_bytes = 0;     // All that the index holds, reserved space included.
};

/// Everything that a search reads, in memory, kept equal to the tables by whoever owns it: built
/// at start, then told of every commit. Scoring is exhaustive and exact.
///
/// `apply` is called by one thread at a time; all else by any number of threads beside it. A search
/// sees each batch wholly or not at all, and what `apply` has returned from.
class ChunkIndex {
public:
    explicit ChunkIndex(ChunkIndexOptions options = {});
    ~ChunkIndex();
    ChunkIndex(const ChunkIndex&) = delete;
    ChunkIndex& operator=(const ChunkIndex&) = delete;

    /// Chunk ids rise from one added chunk to the next, over all batches, for ties are broken in
    /// that order. A vector of another dimension counts as none.
    void apply(IndexBatch batch);

    /// What `ConversationRepository::candidates` promises.
    CandidateSet candidates(const ChunkQuery& query) const;

    /// What `ConversationRepository::timeline` promises.
    std::vector<ChunkPlace> timeline(const TimelineQuery& query) const;

    /// Values of one of `kFilterTexts`, in the form that is compared, each with a chunk that has
    /// it; at most `kNearestOfMax`.
    std::vector<IndexedValue> values(FilterText text) const;

    std::size_t size() const;  // Chunks.
    ChunkIndexStats stats() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rag::sqlite
