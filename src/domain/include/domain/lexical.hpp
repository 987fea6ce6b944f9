#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

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

}  // namespace rag::lexical
