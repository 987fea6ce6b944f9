#include "domain/time_order.hpp"

#include <algorithm>

namespace rag {
namespace {

constexpr float kShareOfBestScore = 0.75F;
constexpr float kShareOfBestWords = 0.8F;

}  // namespace

std::vector<Ranked> in_time_order(
    const CandidateSet& set, std::vector<Ranked> ranked, SearchOrder order
) {
    float best_score = 0;
    float best_words = 0;
    for (const Ranked& row : ranked) {
        best_score = std::max(best_score, row.score);
        best_words = std::max(best_words, set.candidates[row.candidate].bm25);
    }
    std::erase_if(ranked, [&](const Ranked& row) {
        const float words = set.candidates[row.candidate].bm25;
        const bool by_words = best_words > 0 && words >= kShareOfBestWords * best_words;
        return !by_words && row.score < kShareOfBestScore * best_score;
    });
    std::ranges::stable_sort(ranked, [&](const Ranked& one, const Ranked& other) {
        const Timestamp a = set.candidates[one.candidate].time;
        const Timestamp b = set.candidates[other.candidate].time;
        return order == SearchOrder::newest ? b < a : a < b;
    });
    return ranked;
}

}  // namespace rag
