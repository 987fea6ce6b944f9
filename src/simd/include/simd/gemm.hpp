#pragma once

#include <cstddef>
#include <cstdint>

/// Matrix products of the forward pass: rows of activations times packed weights.
namespace rag::simd {

/// Weights are packed in panels of so many output columns: for each input the values of its
/// columns side by side, so that a product reads memory from front to back once.
inline constexpr std::size_t kPanelColumns = 32;

constexpr std::size_t padded_columns(std::size_t columns) {
    return (columns + kPanelColumns - 1) / kPanelColumns * kPanelColumns;
}

using Half = std::uint16_t;  // Bits of an IEEE binary16.

/// A run of panels, or of a part of their inputs.
template <class Weight>
struct Panels {
    const Weight* data;
    std::size_t count;   // Panels.
    std::size_t inputs;  // Rows of each panel that are used.
    std::size_t stride;  // Weights from one panel to the next.
};

enum class Activation : std::uint8_t { none, gelu };

/// c = activation(a x weights + bias + addend). Columns beyond the last one of the model up to
/// `padded_columns` are written too. `c` may be `addend`, never `a`.
struct Product {
    const float* a;
    std::size_t a_stride;
    std::size_t rows;
    const float* bias = nullptr;    // A value for each padded column.
    const float* addend = nullptr;  // As large as `c`.
    std::size_t addend_stride = 0;
    Activation activation = Activation::none;
    float* c;
    std::size_t c_stride;
};

void multiply(const Product& product, const Panels<float>& weights);
void multiply(const Product& product, const Panels<Half>& weights);

struct WeightShape {
    std::size_t outputs;
    std::size_t inputs;
    std::size_t stride;  // Floats from one output's weights to the next one's.
};

/// From `outputs` rows of `inputs` values, as models are stored, to panels; columns that fill the
/// last panel are zero. `panels` holds padded_columns(outputs) * inputs values.
void pack_panels(const float* weights, WeightShape shape, float* panels);

/// `count` is a multiple of `kPanelColumns`.
void to_half(const float* values, std::size_t count, Half* halves);

}  // namespace rag::simd
