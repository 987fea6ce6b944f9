#include "simd/search_kernels.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "search_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

void scan_bytes(const WordQuery& query, const ByteRows& rows, float* scores) {
    const hn::ScalableTag<std::int16_t> words;
    const hn::Rebind<std::int8_t, decltype(words)> bytes;
    const hn::RepartitionToWide<decltype(words)> sums;
    const std::size_t dimension = query.words.size();
    const std::size_t step = hn::Lanes(words);

    for (std::size_t row = 0; row < rows.count; ++row) {
        const std::int8_t* values = rows.bytes + row * dimension;
        auto even_a = hn::Zero(sums), odd_a = hn::Zero(sums);
        auto even_b = hn::Zero(sums), odd_b = hn::Zero(sums);
        for (std::size_t i = 0; i < dimension; i += 2 * step) {
            const auto a = hn::PromoteTo(words, hn::LoadU(bytes, values + i));
            const auto b = hn::PromoteTo(words, hn::LoadU(bytes, values + i + step));
            even_a = hn::ReorderWidenMulAccumulate(
                sums, a, hn::LoadU(words, query.words.data() + i), even_a, odd_a
            );
            even_b = hn::ReorderWidenMulAccumulate(
                sums, b, hn::LoadU(words, query.words.data() + i + step), even_b, odd_b
            );
        }
        const auto total = hn::Add(hn::Add(even_a, odd_a), hn::Add(even_b, odd_b));
        const std::int32_t dot = hn::GetLane(hn::SumOfLanes(sums, total));
        scores[row] = static_cast<float>(dot) * (rows.scales[row] * query.scale);
    }
}

void dot_rows(std::span<const float> query, std::span<const float* const> rows, float* dots) {
    const hn::ScalableTag<float> floats;
    const std::size_t step = hn::Lanes(floats);
    const std::size_t padded = padded_dimension(query.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (row + 1 < rows.size()) {
            // Rows lie anywhere; the first lines of the next one start the hardware's prefetcher.
            for (std::size_t line = 0; line < 8; ++line) {
                hwy::Prefetch(rows[row + 1] + line * 16);
            }
        }
        auto a = hn::Zero(floats), b = hn::Zero(floats);
        for (std::size_t i = 0; i < padded; i += 2 * step) {
            a = hn::MulAdd(hn::LoadU(floats, rows[row] + i), hn::LoadU(floats, &query[i]), a);
            b = hn::MulAdd(
                hn::LoadU(floats, rows[row] + i + step), hn::LoadU(floats, &query[i + step]), b
            );
        }
        dots[row] = hn::GetLane(hn::SumOfLanes(floats, hn::Add(a, b)));
    }
}

/// True where one of 64 scores reaches the threshold.
bool any_at_least(const float* scores, float threshold) {
    const hn::ScalableTag<float> floats;
    const std::size_t step = hn::Lanes(floats);
    auto most = hn::LoadU(floats, scores);
    for (std::size_t i = step; i < 64; i += step)
        most = hn::Max(most, hn::LoadU(floats, scores + i));
    return !hn::AllFalse(floats, hn::Ge(most, hn::Set(floats, threshold)));
}

std::size_t find_at_least(
    const ScoreRange& range,
    float threshold,
    std::size_t found_max,
    std::vector<std::uint32_t>& found
) {
    std::size_t word = range.first_word;
    for (; word < range.last_word; ++word) {
        std::uint64_t allowed = range.allowed[word];
        const float* scores = range.scores + word * 64;
        if (allowed == 0 || !any_at_least(scores, threshold)) continue;
        if (found.size() + 64 > found_max) break;
        for (; allowed != 0; allowed &= allowed - 1) {
            const auto bit = static_cast<unsigned>(std::countr_zero(allowed));
            if (scores[bit] >= threshold)
                found.push_back(static_cast<std::uint32_t>(word * 64 + bit));
        }
    }
    return word;
}

/// Adds to each piece's sums what `count` (2 here) of its bytes stand for.
template <class Floats>
void add_bytes(
    Floats floats,
    const float* tables,
    const std::uint8_t* const* pieces,
    std::size_t count,
    float* sums
) {
    constexpr std::size_t kLanes = PieceTables::kLanes;
    constexpr std::size_t kTable = 256 * kLanes;
    for (std::size_t piece = 0; piece < count; ++piece) {
        const float* first = tables + pieces[piece][0] * kLanes;
        const float* second = tables + kTable + pieces[piece][1] * kLanes;
        for (std::size_t lane = 0; lane < kLanes; lane += hn::Lanes(floats)) {
            const auto both =
                hn::Add(hn::LoadU(floats, first + lane), hn::LoadU(floats, second + lane));
            hn::StoreU(hn::Add(both, hn::LoadU(floats, sums + lane)), floats, sums + lane);
        }
        sums += kLanes;
    }
}

void sum_tables(
    const float* tables,
    std::size_t bytes,
    const std::uint8_t** pieces,
    std::size_t count,
    float* sums
) {
    const hn::CappedTag<float, PieceTables::kLanes> floats;
    std::fill_n(sums, count * PieceTables::kLanes, 0.0F);
    // Byte by byte over many pieces, so that the two tables in use stay in the first cache.
    for (std::size_t byte = 0; byte < bytes; byte += 2) {
        add_bytes(floats, tables + byte * 256 * PieceTables::kLanes, pieces, count, sums);
        for (std::size_t piece = 0; piece < count; ++piece) pieces[piece] += 2;
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(scan_bytes);
HWY_EXPORT(dot_rows);
HWY_EXPORT(find_at_least);
HWY_EXPORT(sum_tables);

ByteScale quantize_bytes(std::span<const float> vector, std::int8_t* bytes) {
    float most = 0;
    for (const float value : vector) most = std::max(most, std::abs(value));
    if (most == 0) {
        std::fill_n(bytes, vector.size(), std::int8_t{0});
        return {};
    }
    const float scale = most / 127;
    double square = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
        const float byte = std::nearbyint(vector[i] / scale);
        bytes[i] = static_cast<std::int8_t>(std::clamp(byte, -127.0F, 127.0F));
        const double off = static_cast<double>(vector[i]) - static_cast<double>(bytes[i]) * scale;
        square += off * off;
    }
    // Rounded up, for it is a bound.
    return {scale, static_cast<float>(std::sqrt(square)) * 1.00001F};
}

WordQuery quantize_words(std::span<const float> vector) {
    WordQuery query;
    query.words.assign(padded_dimension(vector.size()), 0);
    double most = 0, sum = 0, square = 0;
    for (const float value : vector) {
        most = std::max(most, std::abs(static_cast<double>(value)));
        sum += std::abs(static_cast<double>(value));
        square += static_cast<double>(value) * value;
    }
    query.norm = static_cast<float>(std::sqrt(square)) * 1.00001F;
    if (most == 0) return query;

    // Rounding adds at most 0.5 to each word, so that much is taken off what may be reached.
    const double sum_max = 2147483647.0 / 127 - 0.5 * static_cast<double>(vector.size());
    const double scale = std::max(most / 32767, sum / sum_max);
    double off_square = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
        query.words[i] = static_cast<std::int16_t>(std::nearbyint(vector[i] / scale));
        const double off = static_cast<double>(vector[i]) - query.words[i] * scale;
        off_square += off * off;
    }
    query.scale = static_cast<float>(scale);
    query.error = static_cast<float>(std::sqrt(off_square)) * 1.00001F;
    return query;
}

float scan_error(const WordQuery& query, float row_error, float norm_max) {
    // exact - scanned = query x (row - row's bytes) + (query - query's words) x row's bytes; the
    // last share is for the rounding of the floats that both are computed in.
    const float rounding = 4e-6F * query.norm * norm_max;
    return query.norm * row_error + query.error * (norm_max + row_error) + rounding;
}

void scan_bytes(const WordQuery& query, const ByteRows& rows, float* scores) {
    HWY_DYNAMIC_DISPATCH(scan_bytes)(query, rows, scores);
}

void dot_rows(std::span<const float> query, std::span<const float* const> rows, float* dots) {
    HWY_DYNAMIC_DISPATCH(dot_rows)(query, rows, dots);
}

std::size_t find_at_least(
    const ScoreRange& range,
    float threshold,
    std::size_t found_max,
    std::vector<std::uint32_t>& found
) {
    return HWY_DYNAMIC_DISPATCH(find_at_least)(range, threshold, found_max, found);
}

PieceTables::PieceTables(std::span<const float> pieces, std::size_t dimension)
    : dimension_(dimension),
      pieces_(dimension == 0 ? 0 : pieces.size() / dimension),
      groups_((pieces_ + kLanes - 1) / kLanes) {
    // The bytes of a piece are taken in pairs; a table of zeros stands for a missing second one.
    const std::size_t bytes = (dimension / 8 + 1) / 2 * 2;
    const float scale = dimension == 0 ? 0 : 1 / std::sqrt(static_cast<float>(dimension));
    tables_.assign(groups_ * bytes * 256 * kLanes, 0.0F);
    for (std::size_t group = 0; group < groups_; ++group) {
        for (std::size_t byte = 0; byte < dimension / 8; ++byte) {
            float values[8][kLanes] = {};
            float* table = &tables_[(group * bytes + byte) * 256 * kLanes];
            for (std::size_t lane = 0; lane < kLanes && group * kLanes + lane < pieces_; ++lane) {
                const float* piece = &pieces[(group * kLanes + lane) * dimension + byte * 8];
                for (std::size_t bit = 0; bit < 8; ++bit) {
                    values[bit][lane] = piece[bit] * scale;
                    table[lane] -= values[bit][lane];
                }
            }
            for (std::size_t value = 1; value < 256; ++value) {
                // Differs from a smaller value by its lowest bit alone.
                const float* smaller = table + (value & (value - 1)) * kLanes;
                const float* bit = values[std::countr_zero(value)];
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    table[value * kLanes + lane] = smaller[lane] + 2 * bit[lane];
                }
            }
        }
    }
}

void PieceTables::best_matches(std::span<const Text> texts, float* best) const {
    constexpr std::size_t kBatch = 256;  // Pieces; their sums are 8 KB.
    const std::uint8_t* pieces[kBatch];
    std::size_t owners[kBatch];
    float sums[kBatch * kLanes];
    const std::size_t bytes = (dimension_ / 8 + 1) / 2 * 2;
    std::fill_n(best, texts.size() * padded_pieces(), -std::numeric_limits<float>::infinity());

    for (std::size_t group = 0; group < groups_; ++group) {
        const float* tables = &tables_[group * bytes * 256 * kLanes];
        std::size_t count = 0;
        const auto flush = [&] {
            HWY_DYNAMIC_DISPATCH(sum_tables)(tables, bytes, pieces, count, sums);
            for (std::size_t piece = 0; piece < count; ++piece) {
                float* row = best + owners[piece] * padded_pieces() + group * kLanes;
                for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    row[lane] = std::max(row[lane], sums[piece * kLanes + lane]);
                }
            }
            count = 0;
        };
        for (std::size_t text = 0; text < texts.size(); ++text) {
            for (std::uint32_t piece = 0; piece < texts[text].pieces; ++piece) {
                pieces[count] = texts[text].bits + piece * (dimension_ / 8);
                owners[count] = text;
                if (++count == kBatch) flush();
            }
        }
        flush();
    }
}

}  // namespace rag::simd
#endif  // HWY_ONCE
