#pragma once

#include <cstddef>
#include <vector>

#include "domain/candidate_assembly.hpp"
#include "support/brute_force_candidates.hpp"

namespace rag::test {

/// What a store fetches for a search, by plain loops over all chunks, which come in order of
/// (conversation, order_index): everything, so nothing need be known beyond it. Each
/// `overlook_each`-th of the best of a kind is not found, as by an approximate index; 0: none is.
FetchedChunks fetch_plainly(
    const std::vector<BruteForceChunk>& chunks, const ChunkQuery& query, std::size_t overlook_each
);

}  // namespace rag::test
