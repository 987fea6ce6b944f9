#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Kernels of exhaustive search: scores of many rows at once, and the best of them.
namespace rag::simd {

/// Values of a row are padded with zeros to a multiple of this, so that no kernel has a remainder.
inline constexpr std::size_t kRowPadding = 64;

constexpr std::size_t padded_dimension(std::size_t dimension) {
    return (dimension + kRowPadding - 1) / kRowPadding * kRowPadding;
}

/// A vector in eight bits: value = byte * scale, at a distance of at most `error` from the vector.
struct ByteScale {
    float scale = 0;
    float error = 0;
};

/// `bytes` holds `vector.size()` values.
ByteScale quantize_bytes(std::span<const float> vector, std::int8_t* bytes);

/// A question's vector for `scan_bytes`: in 16 bits, so fine that the rows' rounding alone counts,
/// and so coarse that a sum of products with bytes never overflows.
struct WordQuery {
    std::vector<std::int16_t> words;  // Padded.
    float scale = 0;
    float norm = 0;   // Of the question's vector.
    float error = 0;  // Distance of what `words` stand for from it.
};

WordQuery quantize_words(std::span<const float> vector);

/// Upper bound of |exact - scanned| for a row with this error. `norm_max`: of the rows' vectors.
float scan_error(const WordQuery& query, float row_error, float norm_max = 1.0F);

/// scores[i] = query x row i, by the rows' bytes; rows lie one after the other.
struct ByteRows {
    const std::int8_t* bytes;
    const float* scales;
    std::size_t count;
};
void scan_bytes(const WordQuery& query, const ByteRows& rows, float* scores);

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

/// The question's pieces, prepared so that the product with the signs of a chunk's piece is one
/// table look-up a byte, for eight question pieces at once. Exact up to the rounding of sums.
class PieceTables {
public:
    /// `pieces`: vectors of `dimension` floats (a multiple of 8), one after the other.
    PieceTables(std::span<const float> pieces, std::size_t dimension);

    std::size_t pieces() const { return pieces_; }
    std::size_t padded_pieces() const { return groups_ * kLanes; }

    /// For each text the best product with each question piece. `bits`: its pieces' sign bits,
    /// dimension / 8 bytes each; `best` gets `padded_pieces()` values a text. A text has at least
    /// one piece.
    struct Text {
        const std::uint8_t* bits;
        std::uint32_t pieces;
    };
    void best_matches(std::span<const Text> texts, float* best) const;

    static constexpr std::size_t kLanes = 8;

private:
    std::size_t dimension_;
    std::size_t pieces_;
    std::size_t groups_;
    std::vector<float> tables_;  // [group][byte of a piece][value of the byte][lane]
};

}  // namespace rag::simd
