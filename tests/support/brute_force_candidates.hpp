#pragma once

#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag::test {

/// One of all the chunks that are stored.
struct BruteForceChunk {
    ChunkId id;
    ConversationId conversation_id;
    const NewChunk* data = nullptr;
    bool passes = true;      // The query's filter.
    bool has_vector = true;  // In the space that is searched.
    /// When its first message was stored; it counts where that has no time of its own.
    std::optional<Timestamp> stored_at = std::nullopt;

    std::optional<Timestamp> time() const {
        return data->chunk.timestamp ? data->chunk.timestamp : stored_at;
    }
};

/// What `ConversationRepository::candidates` promises, by the plainest loops: chunks in order of
/// (conversation, order_index).
CandidateSet brute_force_candidates(
    const std::vector<BruteForceChunk>& chunks, const ChunkQuery& query
);

}  // namespace rag::test
