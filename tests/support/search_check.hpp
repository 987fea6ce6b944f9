#pragma once

#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag::test {

/// One search that a store answered, beside what exhaustive scoring by plain loops gives.
struct CheckedSearch {
    ChunkQuery query;
    CandidateSet found;
    CandidateSet wanted;
    CandidateSet all;  // With a pool that takes everything: the measures of each chunk.
};

/// Where a promise is not kept, in words; empty: it is.
std::vector<std::string> broken_promises(
    const SearchPromise& promise, const std::vector<CheckedSearch>& searches
);

}  // namespace rag::test
