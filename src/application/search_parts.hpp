#pragma once

#include <cstdint>
#include <vector>

#include "application/search_conversations.hpp"
#include "domain/limits.hpp"

namespace rag {

/// A cursor of passages names the first hit of the page and how many of its passages were shown: a
/// page has fewer of them than this.
constexpr std::uint64_t kPassagesOfHits = 256;
static_assert(limits::kRowsMax < kPassagesOfHits);

struct SearchConversations::Ranking {
    CandidateSet set;
    std::vector<Ranked> ranked;  // From the best on; none below `min_score`.
    bool degraded = false;
};

struct SearchConversations::Page {
    std::vector<SearchResult> results;
    std::vector<std::uint64_t> places;  // Of the results, in the ranking.
    std::uint64_t end = 0;              // Where the next page begins.
    bool truncated = false;
};

}  // namespace rag
