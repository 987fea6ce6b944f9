#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rag::simd {

/// The question's pieces, prepared so that the product with the signs of a chunk's piece is one
/// table look-up for four bits, for eight question pieces at once. Table entries are rounded to 16
/// bits: of a unit vector's product at most dimension / 2^18 is lost, and each machine loses the
/// same.
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
    static constexpr std::size_t kTableEntries = 16;  // Values of four bits.

private:
    /// Of four dimensions, eight lanes each.
    static void fill_table(const float* values, std::int16_t* table);

    std::size_t bytes_;  // Of a piece's bits.
    std::size_t pieces_;
    std::size_t groups_;
    std::vector<float> units_;          // What one step of a sum is worth; by padded piece.
    std::vector<std::int16_t> tables_;  // [group][nibble][entry][lane]: 24 KB a group of 384-d.
};

}  // namespace rag::simd
