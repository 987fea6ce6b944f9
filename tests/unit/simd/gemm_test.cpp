#include "simd/gemm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "on_each_target.hpp"

namespace rag::simd {
namespace {

struct Case {
    std::size_t rows;
    std::size_t inputs;
    std::size_t outputs;
};

/// The product by its definition, in double.
std::vector<double> plain(
    const Case& c,
    const std::vector<float>& a,
    const std::vector<float>& weights,
    const std::vector<float>& bias
) {
    std::vector<double> result(c.rows * c.outputs);
    for (std::size_t row = 0; row < c.rows; ++row) {
        for (std::size_t column = 0; column < c.outputs; ++column) {
            double sum = static_cast<double>(bias[column]);
            for (std::size_t k = 0; k < c.inputs; ++k) {
                sum += static_cast<double>(a[row * c.inputs + k]) *
                       static_cast<double>(weights[column * c.inputs + k]);
            }
            result[row * c.outputs + column] = sum;
        }
    }
    return result;
}

class Gemm : public OnEachTarget {
protected:
    /// Rows and columns that fill no tile, fill one exactly, and fill several.
    std::vector<Case> cases() const {
        std::vector<Case> all = {{1, 1, 1}, {3, 7, 33}, {64, 384, 96}, {400, 40, 64}};
        for (std::size_t rows = 1; rows <= 30; ++rows) all.push_back({rows, 24, 64});
        return all;
    }

    void prepare(const Case& c) {
        a = values(c.rows * c.inputs, 1);
        weights = values(c.outputs * c.inputs, 2);
        bias = values(padded_columns(c.outputs), 3);
        panels.assign(padded_columns(c.outputs) * c.inputs, 9.0F);
        pack_panels(weights.data(), {c.outputs, c.inputs, c.inputs}, panels.data());
        result.assign(c.rows * padded_columns(c.outputs), 9.0F);
        product = {
            .a = a.data(),
            .a_stride = c.inputs,
            .rows = c.rows,
            .bias = bias.data(),
            .c = result.data(),
            .c_stride = padded_columns(c.outputs)};
    }

    template <class Weight>
    Panels<Weight> all(const Case& c, const std::vector<Weight>& packed) const {
        return {
            packed.data(),
            padded_columns(c.outputs) / kPanelColumns,
            c.inputs,
            c.inputs * kPanelColumns};
    }

    void expect(const Case& c, const std::vector<double>& expected, double error) const {
        for (std::size_t row = 0; row < c.rows; ++row) {
            for (std::size_t column = 0; column < c.outputs; ++column) {
                ASSERT_NEAR(
                    result[row * padded_columns(c.outputs) + column],
                    expected[row * c.outputs + column],
                    error
                ) << c.rows
                  << " rows, row " << row << ", column " << column;
            }
        }
    }

    std::vector<float> a, weights, bias, panels, result;
    Product product{};
};

TEST_P(Gemm, MultipliesAsItsDefinitionSays) {
    for (const Case& c : cases()) {
        prepare(c);

        multiply(product, all(c, panels));

        expect(c, plain(c, a, weights, bias), 2e-5);
    }
}

TEST_P(Gemm, WidensWeightsOfSixteenBits) {
    for (const Case& c : cases()) {
        prepare(c);
        std::vector<Half> halves(panels.size());
        to_half(panels.data(), panels.size(), halves.data());

        multiply(product, all(c, halves));

        // A half has eleven bits; where it is made without an instruction, the rest is cut off.
        const double error = std::sqrt(static_cast<double>(c.inputs)) / 1024;
        expect(c, plain(c, a, weights, bias), 2e-5 + error);
    }
}

TEST_P(Gemm, AddsRowsInPlace) {
    const Case c{20, 24, 64};
    prepare(c);
    std::vector<double> expected = plain(c, a, weights, bias);
    std::ranges::copy(values(result.size(), 4), result.begin());
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += static_cast<double>(result[i]);
    product.addend = result.data();
    product.addend_stride = product.c_stride;

    multiply(product, all(c, panels));

    expect(c, expected, 2e-5);
}

TEST_P(Gemm, AddsUpFromPartsOfTheInputs) {
    const Case c{14, 64, 64};
    prepare(c);
    const std::vector<double> expected = plain(c, a, weights, bias);
    Panels<float> part = all(c, panels);
    part.inputs = 24;
    multiply(product, part);

    part.inputs = 40;
    part.data += 24 * kPanelColumns;
    product.a += 24;
    product.bias = nullptr;
    product.addend = result.data();
    product.addend_stride = product.c_stride;
    multiply(product, part);

    expect(c, expected, 2e-5);
}

TEST_P(Gemm, AppliesGelu) {
    // One input of weight 1 and rows that run over all that gelu can be given.
    const Case c{2'001, 1, 1};
    prepare(c);
    for (std::size_t row = 0; row < c.rows; ++row) a[row] = static_cast<float>(row) / 100 - 10;
    panels.assign(panels.size(), 0.0F);
    panels[0] = 1;
    product.bias = nullptr;
    product.activation = Activation::gelu;

    multiply(product, all(c, panels));

    for (std::size_t row = 0; row < c.rows; ++row) {
        const double x = static_cast<double>(a[row]);
        ASSERT_NEAR(result[row * kPanelColumns], x / 2 * (1 + std::erf(x / std::sqrt(2))), 3e-6)
            << x;
    }
}

RAG_ON_EACH_TARGET(Gemm);

}  // namespace
}  // namespace rag::simd
