#include "eval_scores.hpp"

#include <algorithm>
#include <cmath>

namespace rag::cli {
namespace {

bool any_in_first(const std::vector<ScoredResult>& results, std::size_t k) {
    const auto last = results.begin() + static_cast<std::ptrdiff_t>(std::min(k, results.size()));
    return std::any_of(results.begin(), last, [](const ScoredResult& result) {
        return !result.evidence.empty();
    });
}

bool all_in_first(
    const std::vector<ScoredResult>& results, std::size_t k, std::size_t evidence_count
) {
    std::set<std::string> found;
    for (std::size_t i = 0; i < std::min(k, results.size()); ++i) {
        found.insert(results[i].evidence.begin(), results[i].evidence.end());
    }
    return found.size() == evidence_count;
}

/// A result counts only if it lies wholly within the first `tokens` of returned text.
bool any_within_tokens(const std::vector<ScoredResult>& results, std::size_t tokens) {
    std::size_t spent = 0;
    for (const ScoredResult& result : results) {
        spent += result.tokens;
        if (spent > tokens) return false;
        if (!result.evidence.empty()) return true;
    }
    return false;
}

}  // namespace

void EvalScores::add(const std::vector<ScoredResult>& results, std::size_t evidence_count) {
    const std::array<bool, 6> hits = {
        any_in_first(results, 5),
        any_in_first(results, 10),
        any_in_first(results, 20),
        all_in_first(results, 10, evidence_count),
        any_within_tokens(results, 300),
        any_within_tokens(results, 1'000),
    };
    for (std::size_t i = 0; i < hits.size(); ++i) found_[i] += hits[i] ? 1 : 0;
    ++questions_;
}

std::array<double, 6> EvalScores::percent() const {
    std::array<double, 6> percent{};
    if (questions_ == 0) return percent;
    for (std::size_t i = 0; i < percent.size(); ++i) {
        const double share = static_cast<double>(found_[i]) / static_cast<double>(questions_);
        percent[i] = std::round(share * 1'000) / 10;
    }
    return percent;
}

}  // namespace rag::cli
