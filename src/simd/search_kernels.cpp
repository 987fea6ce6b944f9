#include "simd/search_kernels.hpp"

#include <hwy/cache_control.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "search_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

HWY_INLINE std::int32_t nibble_dot(
    const std::int8_t* query, const std::uint8_t* bytes, std::size_t count
) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = i / 64 * 128 + i % 64;
        sum += (bytes[i] & 15) * query[place] + (bytes[i] >> 4) * query[place + 64];
    }
    return sum;
}

#else

/// Sums of neighbouring products, or of those a half apart: at most 2 * 15 * 127 each.
template <class Bytes, class V8, class V8s>
auto product_pairs(Bytes bytes, V8 nibbles, V8s query) {
    const hn::RepartitionToWide<hn::RebindToSigned<Bytes> > words;
    using V16 = hn::Vec<decltype(words)>;
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
    return V16{_mm512_maddubs_epi16(nibbles.raw, query.raw)};
#elif HWY_TARGET == HWY_AVX2
    return V16{_mm256_maddubs_epi16(nibbles.raw, query.raw)};
#elif HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3
    return V16{_mm_maddubs_epi16(nibbles.raw, query.raw)};
#else
    const hn::RebindToSigned<Bytes> signed_bytes;
    const hn::Half<decltype(signed_bytes)> half;
    const auto values = hn::BitCast(signed_bytes, nibbles);
    const V16 low = hn::Mul(
        hn::PromoteTo(words, hn::LowerHalf(half, values)),
        hn::PromoteTo(words, hn::LowerHalf(half, query))
    );
    const V16 high = hn::Mul(
        hn::PromoteTo(words, hn::UpperHalf(half, values)),
        hn::PromoteTo(words, hn::UpperHalf(half, query))
    );
    return hn::Add(low, high);
#endif
}

HWY_INLINE std::int32_t nibble_dot(
    const std::int8_t* query, const std::uint8_t* bytes, std::size_t count
) {
    const hn::CappedTag<std::uint8_t, 64> unsigned_bytes;
    const hn::RebindToSigned<decltype(unsigned_bytes)> signed_bytes;
    const hn::RepartitionToWide<decltype(signed_bytes)> words;
    const hn::RepartitionToWide<decltype(words)> sums;
    const std::size_t step = hn::Lanes(unsigned_bytes);
    const auto low_bits = hn::Set(unsigned_bytes, std::uint8_t{15});
    const auto ones = hn::Set(words, std::int16_t{1});
    // Eight pairs fit into 16 bits: 8 * 2 * 15 * 127 < 2^15.
    constexpr std::size_t kBytesInWords = 4;
    auto even = hn::Zero(sums), odd = hn::Zero(sums);
    for (std::size_t i = 0; i < count;) {
        auto pairs = hn::Zero(words);
        const std::size_t end = std::min(count, i + kBytesInWords * step);
        for (; i < end; i += step) {
            const std::int8_t* values = query + i / 64 * 128 + i % 64;
            const auto both = hn::LoadU(unsigned_bytes, bytes + i);
            const auto lower = hn::And(both, low_bits);
            const auto words_shifted = hn::ShiftRight<4>(hn::BitCast(words, both));
            const auto upper = hn::And(hn::BitCast(unsigned_bytes, words_shifted), low_bits);
            const auto a = product_pairs(unsigned_bytes, lower, hn::LoadU(signed_bytes, values));
            const auto b =
                product_pairs(unsigned_bytes, upper, hn::LoadU(signed_bytes, values + 64));
            pairs = hn::Add(pairs, hn::Add(a, b));
        }
        even = hn::ReorderWidenMulAccumulate(sums, pairs, ones, even, odd);
    }
    return hn::GetLane(hn::SumOfLanes(sums, hn::Add(even, odd)));
}

#endif

void scan_upper(const NibbleQuery& query, const UpperPlanes& rows, float* scores) {
    // The middle of the sixteen bytes that a nibble stands for is 8: value = (16 n + 8 - 128) s.
    const std::int32_t offset = 120 * query.sum;
    const std::size_t count = query.values.size() / 2;
    const std::uint8_t* bytes = rows.bytes;
    for (std::size_t row = 0; row < rows.count; ++row, bytes += count) {
        const std::int32_t dot = 16 * nibble_dot(query.values.data(), bytes, count) - offset;
        scores[row] = static_cast<float>(dot) * (rows.scales[row] * query.scale);
    }
}

void add_lower(const NibbleQuery& query, std::span<const LowerPlane> rows, float* scores) {
    constexpr std::size_t kAhead = 8;
    const std::int32_t offset = 8 * query.sum;
    const std::size_t count = query.values.size() / 2;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (row + kAhead < rows.size()) {
            for (std::size_t byte = 0; byte < count; byte += 64) {
                hwy::Prefetch(rows[row + kAhead].bytes + byte);
            }
        }
        const std::int32_t dot = nibble_dot(query.values.data(), rows[row].bytes, count) - offset;
        scores[row] += static_cast<float>(dot) * (rows[row].scale * query.scale);
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

/// A bit for each of 64 scores that reaches the threshold.
HWY_INLINE std::uint64_t bits_at_least(const float* scores, float threshold) {
    const hn::ScalableTag<float> floats;
    const std::size_t step = hn::Lanes(floats);
    const auto least = hn::Set(floats, threshold);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 64; i += step) {
        // Writes whole bytes, bits beyond the lanes zero.
        std::uint8_t bytes[8] = {};
        hn::StoreMaskBits(floats, hn::Ge(hn::LoadU(floats, scores + i), least), bytes);
        std::uint64_t part = 0;
        std::memcpy(&part, bytes, sizeof(part));
        bits |= part << i;
    }
    return bits;
}

std::size_t find_at_least(
    const ScoreRange& range,
    float threshold,
    std::size_t found_max,
    std::vector<std::uint32_t>& found
) {
    std::size_t word = range.first_word;
    for (; word < range.last_word; ++word) {
        if (range.allowed[word] == 0) continue;
        std::uint64_t bits =
            bits_at_least(range.scores + word * 64, threshold) & range.allowed[word];
        if (bits == 0) continue;
        if (found.size() + 64 > found_max) break;
        for (; bits != 0; bits &= bits - 1) {
            const auto bit = static_cast<unsigned>(std::countr_zero(bits));
            found.push_back(static_cast<std::uint32_t>(word * 64 + bit));
        }
    }
    return word;
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(scan_upper);
HWY_EXPORT(add_lower);
HWY_EXPORT(dot_rows);
HWY_EXPORT(find_at_least);

namespace {

/// Errors are bounds, so what is computed of them is rounded up.
float rounded_up(double distance) { return static_cast<float>(distance * 1.00001); }

double largest(std::span<const float> vector) {
    double most = 0;
    for (const float value : vector) most = std::max(most, std::abs(static_cast<double>(value)));
    return most;
}

}  // namespace

NibbleScale quantize_nibbles(
    std::span<const float> vector, std::uint8_t* upper, std::uint8_t* lower
) {
    // Zero is byte 128; with a scale of 0 every byte stands for it.
    std::fill_n(upper, nibble_bytes(vector.size()), std::uint8_t{0x88});
    std::fill_n(lower, nibble_bytes(vector.size()), std::uint8_t{0});
    const auto scale = static_cast<float>(largest(vector) / 127);
    if (!(scale > 0)) return {};
    double coarse = 0, fine = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
        const float steps = std::clamp(std::nearbyint(vector[i] / scale), -127.0F, 127.0F);
        const auto byte = static_cast<unsigned>(static_cast<int>(steps) + 128);
        const std::size_t place = i / 128 * 64 + i % 64;
        const unsigned shift = i % 128 < 64 ? 0 : 4;
        const unsigned kept = 0xF0U >> shift;
        upper[place] = static_cast<std::uint8_t>((upper[place] & kept) | (byte >> 4 << shift));
        lower[place] = static_cast<std::uint8_t>((lower[place] & kept) | ((byte & 15) << shift));
        const double middle = (static_cast<double>(byte >> 4) * 16 - 120) * scale;
        const double exact = (static_cast<double>(byte) - 128) * scale;
        coarse += (vector[i] - middle) * (vector[i] - middle);
        fine += (vector[i] - exact) * (vector[i] - exact);
    }
    return {scale, rounded_up(std::sqrt(coarse)), rounded_up(std::sqrt(fine))};
}

NibbleQuery quantize_query(std::span<const float> vector) {
    NibbleQuery query;
    query.values.assign(padded_dimension(vector.size()), 0);
    const double scale = largest(vector) / 127;
    if (!(scale > 0)) return query;
    double square = 0, error = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
        query.values[i] = static_cast<std::int8_t>(std::nearbyint(vector[i] / scale));
        query.sum += query.values[i];
        const double off = vector[i] - query.values[i] * scale;
        error += off * off;
        square += static_cast<double>(vector[i]) * vector[i];
    }
    query.scale = static_cast<float>(scale);
    query.error = rounded_up(std::sqrt(error));
    query.norm = rounded_up(std::sqrt(square));
    return query;
}

ScoreBound score_bound(const NibbleQuery& query, float norm_max) {
    // exact - computed = query x (row - row') + (query - query') x row', and row' is no longer than
    // the row and its error; the last share is for the rounding of the floats that both are
    // computed in.
    return {query.norm + query.error, query.error * norm_max + 4e-6F * query.norm * norm_max};
}

void scan_upper(const NibbleQuery& query, const UpperPlanes& rows, float* scores) {
    HWY_DYNAMIC_DISPATCH(scan_upper)(query, rows, scores);
}

void add_lower(const NibbleQuery& query, std::span<const LowerPlane> rows, float* scores) {
    HWY_DYNAMIC_DISPATCH(add_lower)(query, rows, scores);
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

}  // namespace rag::simd
#endif  // HWY_ONCE
