#include "simd/piece_tables.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <bit>
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

/// Adds the entries of `kBytes` tables that a piece's bytes choose to its sums.
template <std::size_t kBytes>
HWY_INLINE void add_entries(
    const std::int16_t* tables, const std::uint8_t* piece, std::int16_t* sums
) {
    constexpr std::size_t kLanes = PieceTables::kLanes;
    const hn::CappedTag<std::int16_t, kLanes> words;
    for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(words)) {
        auto sum = hn::LoadU(words, sums + lane);
        for (std::size_t byte = 0; byte < kBytes; ++byte) {
            const std::size_t entry = byte * PieceTables::kTableEntries + piece[byte];
            sum = hn::Add(sum, hn::LoadU(words, tables + entry * kLanes + lane));
        }
        hn::StoreU(sum, words, sums + lane);
    }
}

/// For each piece the sums over all its bytes, a lane for each of eight question pieces.
void sum_tables(
    const std::int16_t* tables,
    std::size_t bytes,
    const std::uint8_t* const* pieces,
    std::size_t count,
    std::int16_t* sums
) {
    constexpr std::size_t kLanes = PieceTables::kLanes;
    constexpr std::size_t kTable = PieceTables::kTableEntries * kLanes;
    constexpr std::size_t kRun = 4;
    std::fill_n(sums, count * kLanes, std::int16_t{0});
    // Run by run over many pieces, so that the tables in use, 16 KB, stay in the first cache.
    std::size_t byte = 0;
    for (; byte + kRun <= bytes; byte += kRun) {
        for (std::size_t piece = 0; piece < count; ++piece) {
            add_entries<kRun>(tables + byte * kTable, pieces[piece] + byte, sums + piece * kLanes);
        }
    }
    for (; byte < bytes; ++byte) {
        for (std::size_t piece = 0; piece < count; ++piece) {
            add_entries<1>(tables + byte * kTable, pieces[piece] + byte, sums + piece * kLanes);
        }
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(sum_tables);

PieceTables::PieceTables(std::span<const float> pieces, std::size_t dimension)
    : bytes_(dimension / 8),
      pieces_(dimension == 0 ? 0 : pieces.size() / dimension),
      groups_((pieces_ + kLanes - 1) / kLanes) {
    units_.assign(padded_pieces(), 0);
    tables_.assign(groups_ * bytes_ * kTableEntries * kLanes, 0);
    // Sums of all tables' entries fit, though each may be rounded up.
    const float most = 32'767 - static_cast<float>(bytes_);
    std::vector<float> scaled(kLanes * dimension);
    for (std::size_t group = 0; group < groups_; ++group) {
        std::fill(scaled.begin(), scaled.end(), 0.0F);
        const std::size_t first = group * kLanes;
        for (std::size_t lane = 0; lane < kLanes && first + lane < pieces_; ++lane) {
            const std::span<const float> piece =
                pieces.subspan((first + lane) * dimension, dimension);
            float sum = 0;
            for (const float value : piece) sum += std::abs(value);
            if (!(sum > 0)) continue;
            units_[first + lane] = sum / most / std::sqrt(static_cast<float>(dimension));
            for (std::size_t i = 0; i < dimension; ++i) {
                scaled[i * kLanes + lane] = piece[i] * (most / sum);
            }
        }
        for (std::size_t byte = 0; byte < bytes_; ++byte) {
            fill_table(
                &scaled[byte * 8 * kLanes],
                &tables_[(group * bytes_ + byte) * kTableEntries * kLanes]
            );
        }
    }
}

void PieceTables::fill_table(const float* values, std::int16_t* table) {
    float sums[kTableEntries][kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        sums[0][lane] = 0;
        for (std::size_t bit = 0; bit < 8; ++bit) sums[0][lane] -= values[bit * kLanes + lane];
    }
    for (std::size_t value = 1; value < kTableEntries; ++value) {
        // Differs from a smaller value by its lowest bit alone.
        const float* smaller = sums[value & (value - 1)];
        const float* bit = values + static_cast<std::size_t>(std::countr_zero(value)) * kLanes;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            sums[value][lane] = smaller[lane] + 2 * bit[lane];
        }
    }
    for (std::size_t value = 0; value < kTableEntries; ++value) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            table[value * kLanes + lane] =
                static_cast<std::int16_t>(std::nearbyint(sums[value][lane]));
        }
    }
}

void PieceTables::best_matches(std::span<const Text> texts, float* best) const {
    constexpr std::size_t kBatch = 256;  // Pieces; their sums are 4 KB.
    const std::uint8_t* pieces[kBatch];
    std::size_t owners[kBatch];
    std::int16_t sums[kBatch * kLanes];
    std::fill_n(best, texts.size() * padded_pieces(), -std::numeric_limits<float>::infinity());

    for (std::size_t group = 0; group < groups_; ++group) {
        const std::int16_t* tables = &tables_[group * bytes_ * kTableEntries * kLanes];
        const float* units = &units_[group * kLanes];
        std::size_t count = 0;
        const auto flush = [&] {
            HWY_DYNAMIC_DISPATCH(sum_tables)(tables, bytes_, pieces, count, sums);
            for (std::size_t piece = 0; piece < count; ++piece) {
                float* row = best + owners[piece] * padded_pieces() + group * kLanes;
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    row[lane] = std::max(
                        row[lane], static_cast<float>(sums[piece * kLanes + lane]) * units[lane]
                    );
                }
            }
            count = 0;
        };
        for (std::size_t text = 0; text < texts.size(); ++text) {
            for (std::uint32_t piece = 0; piece < texts[text].pieces; ++piece) {
                pieces[count] = texts[text].bits + piece * bytes_;
                hwy::Prefetch(pieces[count]);  // Texts lie anywhere.
                owners[count] = text;
                if (++count == kBatch) flush();
            }
        }
        flush();
    }
}

}  // namespace rag::simd
#endif  // HWY_ONCE
