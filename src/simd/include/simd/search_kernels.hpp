#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Kernels of exhaustive search: scores of many rows at once, and the best of them.
namespace rag::simd {

/// Values of a row are padded with zeros to a multiple of this, so that no kernel has a remainder.
inline constexpr std::size_t kRowPadding = 128;

constexpr std::size_t padded_dimension(std::size_t dimension) {
    return (dimension + kRowPadding - 1) / kRowPadding * kRowPadding;
}

/// Bytes of one nibble plane of a row.
constexpr std::size_t nibble_bytes(std::size_t dimension) {
    return padded_dimension(dimension) / 2;
}

/// A vector in eight bits, value = (byte - 128) * scale, kept as two planes: the upper four bits of
/// each byte, which a scan reads, and the lower four, which matter where the scan leaves a doubt.
/// In a plane the lower half of byte j of each 64 stands for value j of each 128, the upper half
/// for value 64 + j. Errors are distances from the vector, rounded up.
struct NibbleScale {
    float scale = 0;
    float coarse_error = 0;  // By the upper plane alone.
    float fine_error = 0;    // By both.
};

/// Each plane holds `nibble_bytes(vector.size())`.
NibbleScale quantize_nibbles(
    std::span<const float> vector, std::uint8_t* upper, std::uint8_t* lower
);

/// A question's vector in eight bits.
struct NibbleQuery {
    std::vector<std::int8_t> values;  // Padded.
    std::int32_t sum = 0;             // Of the values.
    float scale = 0;
    float error = 0;  // Distance of what the values stand for from the vector.
    float norm = 0;   // Of the vector.
};

NibbleQuery quantize_query(std::span<const float> vector);

/// Upper bound of |exact - computed| for a row with an error.
struct ScoreBound {
    float factor;
    float addend;
    float of(float row_error) const { return factor * row_error + addend; }
};

/// `norm_max`: of the rows' vectors.
ScoreBound score_bound(const NibbleQuery& query, float norm_max);

/// scores[i] = query x row i by the upper plane; rows lie one after the other.
struct UpperPlanes {
    const std::uint8_t* bytes;
    const float* scales;
    std::size_t count;
};
void scan_upper(const NibbleQuery& query, const UpperPlanes& rows, float* scores);

/// Completes scores of `scan_upper` by the lower planes.
struct LowerPlane {
    const std::uint8_t* bytes;
    float scale;
};
void add_lower(const NibbleQuery& query, std::span<const LowerPlane> rows, float* scores);

/// Products of `query` with each row, all of padded dimension.
void dot_rows(std::span<const float> query, std::span<const float* const> rows, float* dots);

/// Positions in 64 * `words` scores whose bit is set in `allowed` and whose score is at least
/// `threshold`, ascending. Stops before a word whose positions might not fit; returns the first
/// word that was not looked at.
struct ScoreRange {
    const float* scores;
    const std::uint64_t* allowed;
    std::size_t first_word;
    std::size_t last_word;  // Exclusive.
};
std::size_t find_at_least(
    const ScoreRange& range,
    float threshold,
    std::size_t found_max,
    std::vector<std::uint32_t>& found
);

}  // namespace rag::simd
