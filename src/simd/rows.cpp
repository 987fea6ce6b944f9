#include "simd/rows.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rows.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
// Rows are multiples of eight floats, so that no kernel needs a remainder.
using Floats = hn::CappedTag<float, 8>;
using Vec = hn::Vec<Floats>;
constexpr std::size_t kLanes = hn::MaxLanes(Floats());

void layer_norm_row(float* row, std::size_t columns, const LayerNorm& norm) {
    const Floats d;
    const float share = 1.0F / static_cast<float>(columns);
    Vec sum = hn::Zero(d);
    for (std::size_t i = 0; i < columns; i += kLanes) sum = hn::Add(sum, hn::LoadU(d, row + i));
    const Vec mean = hn::Mul(hn::SumOfLanes(d, sum), hn::Set(d, share));
    // A second pass rather than the sum of squares, which loses digits where the mean is large.
    Vec squares = hn::Zero(d);
    for (std::size_t i = 0; i < columns; i += kLanes) {
        const Vec from_mean = hn::Sub(hn::LoadU(d, row + i), mean);
        squares = hn::MulAdd(from_mean, from_mean, squares);
    }
    const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) * share;
    const Vec scale = hn::Set(d, 1.0F / std::sqrt(variance + norm.epsilon));
    for (std::size_t i = 0; i < columns; i += kLanes) {
        const Vec unit = hn::Mul(hn::Sub(hn::LoadU(d, row + i), mean), scale);
        hn::StoreU(
            hn::MulAdd(unit, hn::LoadU(d, norm.scale + i), hn::LoadU(d, norm.shift + i)), d, row + i
        );
    }
}

void normalize_row(float* row, std::size_t columns) {
    const Floats d;
    Vec squares = hn::Zero(d);
    for (std::size_t i = 0; i < columns; i += kLanes) {
        const Vec value = hn::LoadU(d, row + i);
        squares = hn::MulAdd(value, value, squares);
    }
    const float length = std::sqrt(hn::GetLane(hn::SumOfLanes(d, squares)));
    if (length == 0) return;
    const Vec scale = hn::Set(d, 1.0F / length);
    for (std::size_t i = 0; i < columns; i += kLanes) {
        hn::StoreU(hn::Mul(hn::LoadU(d, row + i), scale), d, row + i);
    }
}

void add_row_to(float* sum, const float* row, std::size_t columns) {
    const Floats d;
    for (std::size_t i = 0; i < columns; i += kLanes) {
        hn::StoreU(hn::Add(hn::LoadU(d, sum + i), hn::LoadU(d, row + i)), d, sum + i);
    }
}

void sign_bits_of(const float* row, std::size_t columns, std::uint8_t* bits) {
    const Floats d;
    for (std::size_t i = 0; i < columns; i += 8) {
        unsigned byte = 0;
        for (std::size_t part = 0; part < 8; part += kLanes) {
            std::uint8_t lanes[8];  // StoreMaskBits may write up to eight bytes.
            hn::StoreMaskBits(d, hn::Gt(hn::LoadU(d, row + i + part), hn::Zero(d)), lanes);
            byte |= static_cast<unsigned>(lanes[0]) << part;
        }
        bits[i / 8] = static_cast<std::uint8_t>(byte);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(layer_norm_row);
HWY_EXPORT(normalize_row);
HWY_EXPORT(add_row_to);
HWY_EXPORT(sign_bits_of);

void layer_norm(float* row, std::size_t columns, const LayerNorm& norm) {
    HWY_DYNAMIC_DISPATCH(layer_norm_row)(row, columns, norm);
}

void normalize(float* row, std::size_t columns) {
    HWY_DYNAMIC_DISPATCH(normalize_row)(row, columns);
}

void add_row(float* sum, const float* row, std::size_t columns) {
    HWY_DYNAMIC_DISPATCH(add_row_to)(sum, row, columns);
}

void sign_bits(const float* row, std::size_t columns, std::uint8_t* bits) {
    HWY_DYNAMIC_DISPATCH(sign_bits_of)(row, columns, bits);
}

}  // namespace rag::simd
#endif
