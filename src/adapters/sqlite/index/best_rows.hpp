#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "index_state.hpp"

namespace rag::sqlite {

struct ScoredRow {
    Row row;
    float score;
};

/// Best first, ties in order of rows.
inline bool is_better(const ScoredRow& a, const ScoredRow& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// The best `count` rows that are allowed and reach `least`, best first. 64 scores for each word.
std::vector<ScoredRow> best_rows(
    const float* scores, std::span<const std::uint64_t> allowed, std::size_t count, float least
);

}  // namespace rag::sqlite
