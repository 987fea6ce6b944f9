#include "simd/attention.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "on_each_target.hpp"

namespace rag::simd {
namespace {

class AttentionKernel : public OnEachTarget {
protected:
    /// Output column `column` of token `token`, by definition.
    static double plain(const Attention& at, std::size_t token, std::size_t column) {
        const std::size_t head = column / at.head_size * at.head_size;
        std::vector<double> shares(at.tokens);
        double sum = 0, mixed = 0;
        for (std::size_t other = 0; other < at.tokens; ++other) {
            double dot = 0;
            for (std::size_t k = head; k < head + at.head_size; ++k) {
                dot += static_cast<double>(at.query[token * at.stride + k]) *
                       static_cast<double>(at.key[other * at.stride + k]);
            }
            shares[other] = std::exp(dot / std::sqrt(static_cast<double>(at.head_size)));
            sum += shares[other];
        }
        for (std::size_t other = 0; other < at.tokens; ++other) {
            mixed +=
                shares[other] / sum * static_cast<double>(at.value[other * at.stride + column]);
        }
        return mixed;
    }

    static void check(
        std::size_t tokens, std::size_t heads, std::size_t head_size, std::vector<float>& scratch
    ) {
        const std::size_t width = heads * head_size, stride = 3 * width + 5;
        std::vector<float> rows = values(tokens * stride, static_cast<std::uint32_t>(tokens));
        for (float& value : rows) value *= 4;
        std::vector<float> out(tokens * width, 77.0F);
        // The first head is another thread's.
        const Attention attention{
            .query = rows.data(),
            .key = rows.data() + width,
            .value = rows.data() + 2 * width,
            .stride = stride,
            .tokens = tokens,
            .head_size = head_size,
            .first_head = 1,
            .head_count = heads - 1,
            .out = out.data(),
            .out_stride = width};

        attend(attention, scratch);

        for (std::size_t token = 0; token < tokens; ++token) {
            for (std::size_t column = 0; column < width; ++column) {
                const double expected = column < head_size ? 77 : plain(attention, token, column);
                ASSERT_NEAR(out[token * width + column], expected, 2e-5)
                    << tokens << " tokens, token " << token << ", column " << column;
            }
        }
    }
};

TEST_P(AttentionKernel, MixesValuesAsItsDefinitionSays) {
    std::vector<float> scratch;
    for (const std::size_t tokens : {1, 2, 14, 15, 31, 32, 33, 64, 100, 256}) {
        check(tokens, 3, 32, scratch);
    }
}

TEST_P(AttentionKernel, TakesHeadsOfAnySize) {
    std::vector<float> scratch;
    for (const std::size_t head_size : {1, 8, 24, 48, 64}) check(37, 2, head_size, scratch);
}

TEST_P(AttentionKernel, StandsLargeScores) {
    std::vector<float> rows = {200, 200, 1, -200, 200, 3};
    std::vector<float> out(2), scratch;
    const Attention attention{
        .query = rows.data(),
        .key = rows.data() + 1,
        .value = rows.data() + 2,
        .stride = 3,
        .tokens = 2,
        .head_size = 1,
        .first_head = 0,
        .head_count = 1,
        .out = out.data(),
        .out_stride = 1};

    attend(attention, scratch);

    EXPECT_FLOAT_EQ(out[0], 2);
    EXPECT_FLOAT_EQ(out[1], 2);
}

RAG_ON_EACH_TARGET(AttentionKernel);

}  // namespace
}  // namespace rag::simd
