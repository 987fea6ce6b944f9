#pragma once

#include <cstddef>
#include <vector>

namespace rag::simd {

/// Self-attention over the tokens of one text, for some of its heads. A row holds query, key and
/// value of a token; head `h` has columns h * head_size to (h + 1) * head_size of each.
struct Attention {
    const float* query;
    const float* key;
    const float* value;
    std::size_t stride;  // Floats from one token to the next, of all three.
    std::size_t tokens;
    std::size_t head_size;
    std::size_t first_head;
    std::size_t head_count;
    float* out;  // Columns of these heads are written.
    std::size_t out_stride;
};

/// `scratch` grows to what the text needs and may be used again and again.
void attend(const Attention& attention, std::vector<float>& scratch);

}  // namespace rag::simd
