#include "simd/piece_tables.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "piece_tables.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Of a text's pieces the largest sums over all their nibbles, a lane for each question piece.
void largest_sums(
    const std::int16_t* tables,
    const std::uint8_t* bits,
    std::size_t bytes,
    std::size_t pieces,
    std::int16_t* largest
) {
    constexpr std::size_t kLanes = PieceTables::kLanes;
    constexpr std::size_t kTable = PieceTables::kTableEntries * kLanes;
    const hn::CappedTag<std::int16_t, kLanes> words;
    for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(words)) {
        auto best = hn::Set(words, std::numeric_limits<std::int16_t>::min());
        const std::uint8_t* own = bits;
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            auto low = hn::Zero(words), high = hn::Zero(words);
            const std::int16_t* table = tables + lane;
#pragma GCC unroll 8
            for (std::size_t byte = 0; byte < bytes; ++byte, table += 2 * kTable) {
                const std::size_t value = *own++;
                low = hn::Add(low, hn::LoadU(words, table + (value & 15) * kLanes));
                high = hn::Add(high, hn::LoadU(words, table + kTable + (value >> 4) * kLanes));
            }
            best = hn::Max(best, hn::Add(low, high));
        }
        hn::StoreU(best, words, largest + lane);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(largest_sums);

PieceTables::PieceTables(std::span<const float> pieces, std::size_t dimension)
    : bytes_(dimension / 8),
      pieces_(dimension == 0 ? 0 : pieces.size() / dimension),
      groups_((pieces_ + kLanes - 1) / kLanes) {
    constexpr std::size_t kTable = kTableEntries * kLanes;
    const std::size_t nibbles = 2 * bytes_;
    units_.assign(padded_pieces(), 0);
    tables_.assign(groups_ * nibbles * kTable, 0);
    // The sum of all tables' entries fits, though each may be rounded up.
    const float most = 32'767 - static_cast<float>(nibbles);
    std::vector<float> scaled(dimension * kLanes);
    for (std::size_t group = 0; group < groups_; ++group) {
        std::fill(scaled.begin(), scaled.end(), 0.0F);
        const std::size_t first = group * kLanes;
        for (std::size_t lane = 0; lane < kLanes && first + lane < pieces_; ++lane) {
            const auto piece = pieces.subspan((first + lane) * dimension, dimension);
            float sum = 0;
            for (const float value : piece) sum += std::abs(value);
            if (!(sum > 0)) continue;
            units_[first + lane] = sum / most / std::sqrt(static_cast<float>(dimension));
            for (std::size_t i = 0; i < dimension; ++i) {
                scaled[i * kLanes + lane] = piece[i] * (most / sum);
            }
        }
        std::int16_t* table = &tables_[group * nibbles * kTable];
        for (std::size_t nibble = 0; nibble < nibbles; ++nibble, table += kTable) {
            fill_table(&scaled[nibble * 4 * kLanes], table);
        }
    }
}

void PieceTables::fill_table(const float* values, std::int16_t* table) {
    for (std::size_t value = 0; value < kTableEntries; ++value) {
        float sums[kLanes] = {};
        for (std::size_t bit = 0; bit < 4; ++bit) {
            const float sign = (value >> bit & 1) != 0 ? 1.0F : -1.0F;
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                sums[lane] += sign * values[bit * kLanes + lane];
            }
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            // To the nearest, halves away from zero.
            const float half = sums[lane] < 0 ? -0.5F : 0.5F;
            table[value * kLanes + lane] = static_cast<std::int16_t>(sums[lane] + half);
        }
    }
}

void PieceTables::best_matches(std::span<const Text> texts, float* best) const {
    constexpr std::size_t kAhead = 2;
    for (std::size_t group = 0; group < groups_; ++group) {
        const std::int16_t* tables = &tables_[group * 2 * bytes_ * kTableEntries * kLanes];
        const float* units = &units_[group * kLanes];
        for (std::size_t text = 0; text < texts.size(); ++text) {
            if (text + kAhead < texts.size()) {
                // Texts lie anywhere.
                const Text& next = texts[text + kAhead];
                for (std::size_t byte = 0; byte < next.pieces * bytes_; byte += 64) {
                    hwy::Prefetch(next.bits + byte);
                }
            }
            std::int16_t largest[kLanes];
            HWY_DYNAMIC_DISPATCH(largest_sums)
            (tables, texts[text].bits, bytes_, texts[text].pieces, largest);
            float* row = best + text * padded_pieces() + group * kLanes;
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                row[lane] = static_cast<float>(largest[lane]) * units[lane];
            }
        }
    }
}

}  // namespace rag::simd
#endif  // HWY_ONCE
