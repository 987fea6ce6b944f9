#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "domain/text_ports.hpp"

/// Word matching, the part that a repository needs: BM25 scaled by the question alone. A question's
/// terms that occur nowhere are left out; the others weigh idf(t) / sum of idf. A chunk's share of
/// a term is `bm25_share`; over a window of two chunks to each side the best share counts, faded.
namespace rag::lexical {

inline constexpr float kK1 = 1.2F;
inline constexpr float kB = 0.3F;
inline constexpr float kScale = 2.2F;  // k1 + 1: the most that a term can reach.
inline constexpr float kFade =
    0.6F;  // What counts of a match in the next chunk; squared, in the one after.
inline constexpr int kWindow = 2;  // Chunks to each side.

/// Robertson–Spärck Jones idf, never negative (as Lucene has it).
inline float idf(std::size_t total, std::size_t containing) {
    const double n = static_cast<double>(containing);
    return static_cast<float>(std::log1p((static_cast<double>(total) - n + 0.5) / (n + 0.5)));
}

/// A text's length in terms: stop words do not count.
inline std::uint32_t length_of(std::span<const Term> terms) {
    std::uint32_t length = 0;
    for (const Term& term : terms) {
        if (!term.stop) length += term.count;
    }
    return length;
}

/// 0..1: how much of what one term can give `count` occurrences in a text of `length` terms give.
inline float bm25_share(float count, float length, float mean_length) {
    const float norm = kK1 * (1 - kB + kB * length / mean_length);
    return count * (kK1 + 1) / (count + norm) / kScale;
}

/// What each of the question's terms weighs, from the number of chunks that contain it: they sum to
/// 1, and one that occurs nowhere weighs nothing.
inline std::vector<float> term_weights(std::size_t total, std::span<const std::size_t> containing) {
    std::vector<float> weights;
    float sum = 0;
    for (const std::size_t chunks : containing) {
        weights.push_back(chunks == 0 ? 0 : idf(total, chunks));
        sum += weights.back();
    }
    for (float& weight : weights) weight = sum > 0 ? weight / sum : 0;
    return weights;
}

/// One of the question's terms in one chunk.
struct TermMatch {
    std::uint32_t term;  // Its place in the question.
    float share;         // `bm25_share`
};

/// Adds up a window: each term from the best place, faded by its distance.
class WindowScore {
public:
    explicit WindowScore(std::vector<float> weights)
        : weights_(std::move(weights)), best_(weights_.size(), 0) {}

    void add(int distance, std::span<const TermMatch> matches) {
        const float fade = kFades[static_cast<std::size_t>(std::abs(distance))];
        for (const TermMatch& match : matches) {
            best_[match.term] = std::max(best_[match.term], fade * match.share);
        }
        is_empty_ = is_empty_ && matches.empty();
    }

    /// 0..1; forgets the window.
    float take() {
        if (std::exchange(is_empty_, true)) return 0;
        float sum = 0;
        for (std::size_t term = 0; term < weights_.size(); ++term) {
            sum += weights_[term] * best_[term];
            best_[term] = 0;
        }
        return sum;
    }

    const std::vector<float>& weights() const { return weights_; }

    /// What counts of a match at a distance.
    static constexpr std::array<float, kWindow + 1> kFades{1.0F, kFade, kFade* kFade};

private:
    std::vector<float> weights_;  // By term.
    std::vector<float> best_;     // The same; zero between windows.
    bool is_empty_ = true;
};

}  // namespace rag::lexical
