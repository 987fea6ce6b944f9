#pragma once

#include <cstddef>
#include <cstdint>

/// What is done to single rows of activations between the products.
namespace rag::simd {

struct LayerNorm {
    const float* scale;
    const float* shift;
    float epsilon;
};

/// In place.
void layer_norm(float* row, std::size_t columns, const LayerNorm& norm);

/// Makes the row unit length; a row of zeros stays one.
void normalize(float* row, std::size_t columns);

/// sum += row
void add_row(float* sum, const float* row, std::size_t columns);

/// Bit i % 8 of byte i / 8 is set where value i is above 0. `columns` is a multiple of 8.
void sign_bits(const float* row, std::size_t columns, std::uint8_t* bits);

}  // namespace rag::simd
