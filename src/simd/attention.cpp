#include "simd/attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "simd/gemm.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention.cpp"
// foreach_target.h comes before all that is compiled once for each target.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>
// clang-format on

#include "tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

/// What one head needs while it is computed; all of it fits the second cache.
struct HeadScratch {
    float* keys;    // In panels, as weights with an output a token.
    float* values;  // In panels: inputs are the tokens.
    float* shares;  // Of `kTileRows` tokens, how much each takes of every token.
    float* mixed;   // Where the head is no multiple of a panel: its output, padded.
};

void pack_values(const Attention& at, const float* value, float* panels) {
    for (std::size_t first = 0; first < at.head_size; first += kPanelColumns) {
        const std::size_t columns = std::min(kPanelColumns, at.head_size - first);
        for (std::size_t token = 0; token < at.tokens; ++token, panels += kPanelColumns) {
            std::copy_n(value + token * at.stride + first, columns, panels);
            std::fill(panels + columns, panels + kPanelColumns, 0.0F);
        }
    }
}

/// Softmax of `scale` times one row, in place; what pads the row becomes 0.
void softmax(float* row, std::size_t count, std::size_t padded, float scale) {
    const Floats d;
    std::fill(row + count, row + padded, -std::numeric_limits<float>::infinity());
    const Vec factor = hn::Set(d, scale);
    Vec most = hn::LoadU(d, row);
    for (std::size_t i = kLanes; i < padded; i += kLanes)
        most = hn::Max(most, hn::LoadU(d, row + i));
    most = hn::MaxOfLanes(d, most);
    Vec sum = hn::Zero(d);
    for (std::size_t i = 0; i < padded; i += kLanes) {
        const Vec share = hn::Exp(d, hn::Mul(hn::Sub(hn::LoadU(d, row + i), most), factor));
        hn::StoreU(share, d, row + i);
        sum = hn::Add(sum, share);
    }
    const Vec share_of_one = hn::Div(hn::Set(d, 1.0F), hn::SumOfLanes(d, sum));
    for (std::size_t i = 0; i < padded; i += kLanes) {
        hn::StoreU(hn::Mul(hn::LoadU(d, row + i), share_of_one), d, row + i);
    }
}

void attend_rows(
    const Attention& at, const float* query, float* out, std::size_t rows, const HeadScratch& head
) {
    const std::size_t padded = padded_columns(at.tokens);
    Product scores{
        .a = query, .a_stride = at.stride, .rows = rows, .c = head.shares, .c_stride = padded};
    for (std::size_t column = 0; column < padded; column += kPanelColumns) {
        panel_rows(scores, head.keys + column * at.head_size, at.head_size);
        scores.c += kPanelColumns;
    }
    const float scale = 1.0F / std::sqrt(static_cast<float>(at.head_size));
    for (std::size_t row = 0; row < rows; ++row) {
        softmax(head.shares + row * padded, at.tokens, padded, scale);
    }

    const bool whole = at.head_size % kPanelColumns == 0;
    const std::size_t wide = padded_columns(at.head_size);
    Product mix{
        .a = head.shares,
        .a_stride = padded,
        .rows = rows,
        .c = whole ? out : head.mixed,
        .c_stride = whole ? at.out_stride : wide};
    for (std::size_t column = 0; column < wide; column += kPanelColumns) {
        panel_rows(mix, head.values + column * at.tokens, at.tokens);
        mix.c += kPanelColumns;
    }
    if (whole) return;
    for (std::size_t row = 0; row < rows; ++row) {
        std::copy_n(head.mixed + row * wide, at.head_size, out + row * at.out_stride);
    }
}

void attend_heads(const Attention& at, std::vector<float>& scratch) {
    const std::size_t padded = padded_columns(at.tokens);
    const std::size_t wide = padded_columns(at.head_size);
    const std::size_t needed =
        padded * at.head_size + wide * at.tokens + kTileRows * (padded + wide);
    if (scratch.size() < needed) scratch.resize(needed);
    HeadScratch head{};
    head.keys = scratch.data();
    head.values = head.keys + padded * at.head_size;
    head.shares = head.values + wide * at.tokens;
    head.mixed = head.shares + kTileRows * padded;

    for (std::size_t h = at.first_head; h < at.first_head + at.head_count; ++h) {
        const std::size_t column = h * at.head_size;
        pack_panels(at.key + column, {at.tokens, at.head_size, at.stride}, head.keys);
        pack_values(at, at.value + column, head.values);
        for (std::size_t row = 0; row < at.tokens; row += kTileRows) {
            attend_rows(
                at,
                at.query + row * at.stride + column,
                at.out + row * at.out_stride + column,
                std::min(kTileRows, at.tokens - row),
                head
            );
        }
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(attend_heads);

void attend(const Attention& attention, std::vector<float>& scratch) {
    HWY_DYNAMIC_DISPATCH(attend_heads)(attention, scratch);
}

}  // namespace rag::simd
#endif
