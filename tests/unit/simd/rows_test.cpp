#include "simd/rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "on_each_target.hpp"

namespace rag::simd {
namespace {

class Rows : public OnEachTarget {};

TEST_P(Rows, NormalisesALayer) {
    for (const std::size_t columns : {8, 24, 384}) {
        std::vector<float> row = values(columns, 1);
        for (float& value : row) value += 20;  // Far from 0, where a sum of squares loses digits.
        const std::vector<float> scale = values(columns, 2), shift = values(columns, 3),
                                 before = row;
        double mean = 0, variance = 0;
        for (const float value : before) mean += static_cast<double>(value);
        mean /= static_cast<double>(columns);
        for (const float value : before) variance += std::pow(static_cast<double>(value) - mean, 2);
        variance /= static_cast<double>(columns);

        layer_norm(row.data(), columns, {scale.data(), shift.data(), 1e-12F});

        for (std::size_t i = 0; i < columns; ++i) {
            const double unit = (static_cast<double>(before[i]) - mean) / std::sqrt(variance);
            const double expected =
                unit * static_cast<double>(scale[i]) + static_cast<double>(shift[i]);
            ASSERT_NEAR(row[i], expected, 1e-4) << columns << " columns, column " << i;
        }
    }
}

TEST_P(Rows, MakesARowUnitLength) {
    std::vector<float> row = {3, 0, 0, 0, 0, 0, 0, 4};
    normalize(row.data(), row.size());
    EXPECT_EQ(row, (std::vector<float>{0.6F, 0, 0, 0, 0, 0, 0, 0.8F}));

    std::vector<float> zeros(16);
    normalize(zeros.data(), zeros.size());
    EXPECT_EQ(zeros, std::vector<float>(16));
}

TEST_P(Rows, AddsRows) {
    std::vector<float> sum = values(24, 1), expected = sum;
    const std::vector<float> row = values(24, 2);
    for (std::size_t i = 0; i < row.size(); ++i) expected[i] += row[i];

    add_row(sum.data(), row.data(), row.size());

    EXPECT_EQ(sum, expected);
}

TEST_P(Rows, TakesSignsAsBits) {
    const std::vector<float> row = values(384, 5);
    std::vector<std::uint8_t> bits(48, 0xAA);

    sign_bits(row.data(), row.size(), bits.data());

    for (std::size_t i = 0; i < row.size(); ++i) {
        ASSERT_EQ(bits[i / 8] >> (i % 8) & 1, row[i] > 0 ? 1 : 0) << i;
    }
    const std::vector<float> edges = {0.0F, -0.0F, 1e-30F, -1e-30F, 0, 0, 0, 1};
    sign_bits(edges.data(), edges.size(), bits.data());
    EXPECT_EQ(bits[0], 0b10000100);
}

RAG_ON_EACH_TARGET(Rows);

}  // namespace
}  // namespace rag::simd
