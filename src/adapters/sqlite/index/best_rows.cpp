#include "best_rows.hpp"

#include <algorithm>

#include "simd/search_kernels.hpp"

namespace rag::sqlite {
namespace {

void keep_best(std::vector<ScoredRow>& rows, std::size_t count) {
    if (rows.size() <= count) return;
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(rows.begin(), end - 1, rows.end(), is_better);
    rows.erase(end, rows.end());
}

}  // namespace

std::vector<ScoredRow> best_rows(
    const float* scores, std::span<const std::uint64_t> allowed, std::size_t count, float least
) {
    std::vector<ScoredRow> rows;
    if (count == 0) return rows;
    std::vector<std::uint32_t> found;
    const std::size_t found_max = std::max<std::size_t>(count, 256) + 64;
    float threshold = least;
    for (std::size_t word = 0; word < allowed.size();) {
        found.clear();
        const simd::ScoreRange range{scores, allowed.data(), word, allowed.size()};
        word = simd::find_at_least(range, threshold, found_max, found);
        for (const std::uint32_t row : found) rows.push_back({row, scores[row]});
        if (rows.size() <= count) continue;
        // The threshold rises to the worst of the best so far, so ever fewer rows reach it.
        keep_best(rows, count);
        threshold = std::max(threshold, rows.back().score);
    }
    std::sort(rows.begin(), rows.end(), is_better);
    return rows;
}

}  // namespace rag::sqlite
