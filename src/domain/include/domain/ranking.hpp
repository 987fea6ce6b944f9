#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/query_cues.hpp"
#include "domain/search.hpp"

/// Ranks candidates by one weighted sum of signals, each 0 to 1 and each scaled by the query alone:
/// so a score means the same for every page, filter and backend.
namespace rag {

/// A signal: its name in `explain`, its weight with token vectors and without.
struct SignalWeight {
    std::string_view name;
    float full;
    float without_pieces;
};

/// The one table of signals (ranking.cpp); weights of a column sum to 1.
std::span<const SignalWeight> signal_weights();

struct Ranked {
    std::size_t candidate;  // Index into `CandidateSet::candidates`.
    float score;            // 0..1
    std::vector<float>
        shares;  // What each signal of `signal_weights()` adds to the score, if asked.
};

/// Whether each score says what it is made of: that costs an allocation a candidate.
enum class Explain : bool { no, yes };

/// Candidates in order of score, ties in chunk order. Those of the tail follow the pool, their
/// scores held below its last. In mode `dense` the score is the cosine (at least 0), in mode
/// `lexical` bm25; `shares` is then empty.
std::vector<Ranked> rank(
    const CandidateSet& set, const QueryCues& cues, SearchMode mode, Explain explain
);

}  // namespace rag
