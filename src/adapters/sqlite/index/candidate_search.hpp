#pragma once

#include "domain/search.hpp"
#include "index_state.hpp"
#include "scan_crew.hpp"
#include "search_scratch.hpp"

namespace rag::sqlite {

/// Answers one question from one state of the index.
CandidateSet search_candidates(
    const IndexState& state, const ChunkQuery& query, SearchScratch& scratch, ScanCrew& crew
);

}  // namespace rag::sqlite
