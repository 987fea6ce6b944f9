#include "simd/gemm.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gemm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rag::simd {
namespace HWY_NAMESPACE {

/// So many rows of activations go over all panels before the next ones: they stay in the second
/// cache, and so does a panel while it is used.
constexpr std::size_t kBlockRows = 168;

template <class Weight>
void multiply_panels(const Product& product, const Panels<Weight>& weights) {
    const std::size_t blocks = (product.rows + kBlockRows - 1) / kBlockRows;
    const std::size_t rows = blocks > 1 ? (product.rows + blocks - 1) / blocks : product.rows;
    for (std::size_t row = 0; row < product.rows; row += rows) {
        Product block = product;
        block.rows = std::min(rows, product.rows - row);
        block.a += row * product.a_stride;
        block.c += row * product.c_stride;
        if (product.addend != nullptr) block.addend += row * product.addend_stride;
        for (std::size_t panel = 0; panel < weights.count; ++panel) {
            panel_rows(block, weights.data + panel * weights.stride, weights.inputs);
            block.c += kPanelColumns;
            if (block.bias != nullptr) block.bias += kPanelColumns;
            if (block.addend != nullptr) block.addend += kPanelColumns;
        }
    }
}

void multiply_floats(const Product& product, const Panels<float>& weights) {
    multiply_panels(product, weights);
}

void multiply_halves(const Product& product, const Panels<Half>& weights) {
    multiply_panels(product, weights);
}

void convert_to_half(const float* values, std::size_t count, Half* halves) {
    const Floats d;
    const hn::Rebind<hwy::float16_t, Floats> narrow;
    auto* to = reinterpret_cast<hwy::float16_t*>(halves);
    for (std::size_t place = 0; place < count; place += kLanes) {
        hn::StoreU(hn::DemoteTo(narrow, hn::LoadU(d, values + place)), narrow, to + place);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace rag::simd
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rag::simd {

HWY_EXPORT(multiply_floats);
HWY_EXPORT(multiply_halves);
HWY_EXPORT(convert_to_half);

void multiply(const Product& product, const Panels<float>& weights) {
    HWY_DYNAMIC_DISPATCH(multiply_floats)(product, weights);
}

void multiply(const Product& product, const Panels<Half>& weights) {
    HWY_DYNAMIC_DISPATCH(multiply_halves)(product, weights);
}

void to_half(const float* values, std::size_t count, Half* halves) {
    HWY_DYNAMIC_DISPATCH(convert_to_half)(values, count, halves);
}

void pack_panels(const float* weights, WeightShape shape, float* panels) {
    for (std::size_t first = 0; first < shape.outputs; first += kPanelColumns) {
        const std::size_t columns = std::min(kPanelColumns, shape.outputs - first);
        if (columns < kPanelColumns) std::fill_n(panels, shape.inputs * kPanelColumns, 0.0F);
        // Blocks of 16 inputs: each line of the weights is read whole, each of the panel written
        // while it is near.
        for (std::size_t begin = 0; begin < shape.inputs; begin += 16) {
            const std::size_t end = std::min(begin + 16, shape.inputs);
            for (std::size_t column = 0; column < columns; ++column) {
                const float* row = weights + (first + column) * shape.stride;
                for (std::size_t k = begin; k < end; ++k) {
                    panels[k * kPanelColumns + column] = row[k];
                }
            }
        }
        panels += shape.inputs * kPanelColumns;
    }
}

}  // namespace rag::simd
#endif
