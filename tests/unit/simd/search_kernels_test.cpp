#include "simd/search_kernels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "on_each_target.hpp"
#include "simd/piece_tables.hpp"

namespace rag::simd {
namespace {

constexpr std::array<std::size_t, 7> kDimensions{2, 8, 64, 128, 312, 384, 1'024};

double dot(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * b[i];
    return sum;
}

std::vector<float> unit(std::size_t dimension, std::uint32_t seed) {
    std::vector<float> vector = values(dimension, seed);
    const auto norm = static_cast<float>(std::sqrt(dot(vector, vector)));
    for (float& value : vector) value /= norm;
    return vector;
}

/// Rows as the index keeps them.
struct Rows {
    Rows(std::size_t dimension, std::size_t count)
        : upper(nibble_bytes(dimension) * count), lower(upper.size()) {
        for (std::size_t row = 0; row < count; ++row) {
            vectors.push_back(unit(dimension, static_cast<std::uint32_t>(100 + row)));
            const std::size_t place = row * nibble_bytes(dimension);
            errors.push_back(quantize_nibbles(vectors[row], &upper[place], &lower[place]));
            scales.push_back(errors[row].scale);
            planes.push_back({&lower[place], errors[row].scale});
        }
    }
    std::vector<std::uint8_t> upper, lower;
    std::vector<std::vector<float>> vectors;
    std::vector<NibbleScale> errors;
    std::vector<float> scales;
    std::vector<LowerPlane> planes;
};

class SearchKernels : public OnEachTarget {};
RAG_ON_EACH_TARGET(SearchKernels);

TEST_P(SearchKernels, KeepScoresWithinTheBoundInBothSteps) {
    for (const std::size_t dimension : kDimensions) {
        SCOPED_TRACE(dimension);
        const Rows rows(dimension, 50);
        const std::vector<float> vector = unit(dimension, 7);
        const NibbleQuery query = quantize_query(vector);
        std::vector<float> scores(50);

        scan_upper(query, {rows.upper.data(), rows.scales.data(), 50}, scores.data());
        for (std::size_t row = 0; row < 50; ++row) {
            const double bound = score_bound(query, 1.0001F).of(rows.errors[row].coarse_error);
            EXPECT_NEAR(scores[row], dot(vector, rows.vectors[row]), bound);
            EXPECT_LT(bound, dimension < 64 ? 0.3 : 0.17);
        }

        add_lower(query, rows.planes, scores.data());
        for (std::size_t row = 0; row < 50; ++row) {
            const double bound = score_bound(query, 1.0001F).of(rows.errors[row].fine_error);
            EXPECT_NEAR(scores[row], dot(vector, rows.vectors[row]), bound);
            EXPECT_LT(bound, 0.02);
        }
    }
}

/// The worst that an accumulator can meet: every product as large as it gets, all of one sign.
TEST_P(SearchKernels, DoNotOverflow) {
    for (const float sign : {1.0F, -1.0F}) {
        const std::vector<float> query(1'024, sign / 32), row(1'024, 1.0F / 32);
        std::vector<std::uint8_t> upper(nibble_bytes(1'024)), lower(upper.size());
        const NibbleScale scale = quantize_nibbles(row, upper.data(), lower.data());
        float score = 0;

        scan_upper(quantize_query(query), {upper.data(), &scale.scale, 1}, &score);
        EXPECT_NEAR(score, sign, 0.07);
        const LowerPlane plane{lower.data(), scale.scale};
        add_lower(quantize_query(query), std::span(&plane, 1), &score);
        EXPECT_NEAR(score, sign, 1e-4);
    }
}

/// Which value stands in which half of which byte: one value alone makes the score.
TEST_P(SearchKernels, TakeEachValueFromItsPlace) {
    constexpr std::size_t kDimension = 300;
    std::vector<std::uint8_t> upper(nibble_bytes(kDimension)), lower(upper.size());
    for (std::size_t i = 0; i < kDimension; ++i) {
        std::vector<float> row(kDimension, 0.0F), query(kDimension, 0.0F);
        row[i] = 1;
        query[i] = 1;
        const NibbleScale scale = quantize_nibbles(row, upper.data(), lower.data());
        const LowerPlane plane{lower.data(), scale.scale};
        float score = 0;
        scan_upper(quantize_query(query), {upper.data(), &scale.scale, 1}, &score);
        add_lower(quantize_query(query), std::span(&plane, 1), &score);
        ASSERT_NEAR(score, 1, 1e-5) << i;
    }
}

TEST_P(SearchKernels, ScoreAZeroVectorAsZero) {
    const std::vector<float> zero(384, 0.0F);
    std::vector<std::uint8_t> upper(nibble_bytes(384)), lower(upper.size());
    const NibbleScale scale = quantize_nibbles(zero, upper.data(), lower.data());
    float score = 1;

    scan_upper(quantize_query(unit(384, 3)), {upper.data(), &scale.scale, 1}, &score);
    EXPECT_EQ(score, 0);
    scan_upper(quantize_query(zero), {upper.data(), &scale.scale, 1}, &score);
    EXPECT_EQ(score, 0);
}

TEST_P(SearchKernels, MultiplyRowsThatLieAnywhere) {
    for (const std::size_t dimension : kDimensions) {
        std::vector<std::vector<float>> rows;
        std::vector<const float*> places;
        for (std::uint32_t seed = 0; seed < 9; ++seed) {
            rows.push_back(unit(dimension, seed));
            rows.back().resize(padded_dimension(dimension), 0);
        }
        for (const auto& row : rows) places.push_back(row.data());
        std::vector<float> query = unit(dimension, 77);
        query.resize(padded_dimension(dimension), 0);
        std::vector<float> dots(rows.size());

        dot_rows(query, places, dots.data());

        for (std::size_t row = 0; row < rows.size(); ++row) {
            EXPECT_NEAR(dots[row], dot(query, rows[row]), 1e-6);
        }
    }
}

TEST_P(SearchKernels, FindEveryAllowedScoreThatReachesTheThreshold) {
    const std::vector<float> scores = values(64 * 20, 5);
    std::vector<std::uint64_t> allowed(20);
    for (std::size_t word = 0; word < allowed.size(); ++word) {
        allowed[word] = word % 4 == 3 ? 0 : 0x9E3779B97F4A7C15ULL * (word + 1);
    }
    const float threshold = scores[70];
    std::vector<std::uint32_t> expected, found, piece;
    for (std::uint32_t i = 0; i < scores.size(); ++i) {
        if ((allowed[i / 64] >> (i % 64) & 1) != 0 && scores[i] >= threshold) expected.push_back(i);
    }

    for (std::size_t word = 0; word < allowed.size();) {
        piece.clear();
        const std::size_t next = find_at_least(
            {scores.data(), allowed.data(), word, allowed.size()}, threshold, 70, piece
        );
        ASSERT_GT(next, word);
        ASSERT_LE(piece.size(), 70U);
        found.insert(found.end(), piece.begin(), piece.end());
        word = next;
    }

    EXPECT_EQ(found, expected);
    EXPECT_GT(expected.size(), 100U);
}

/// As the definition says: the best product with the signs, by the root of the dimension.
std::vector<float> plain_matches(
    std::span<const float> pieces, std::size_t dimension, const PieceTables::Text& text
) {
    std::vector<float> best(pieces.size() / dimension, -1'000.0F);
    for (std::size_t own = 0; own < text.pieces; ++own) {
        const std::uint8_t* bits = text.bits + own * dimension / 8;
        for (std::size_t piece = 0; piece < best.size(); ++piece) {
            double sum = 0;
            for (std::size_t i = 0; i < dimension; ++i) {
                const bool set = (bits[i / 8] >> (i % 8) & 1) != 0;
                sum += set ? pieces[piece * dimension + i] : -pieces[piece * dimension + i];
            }
            const auto cosine = static_cast<float>(sum / std::sqrt(static_cast<double>(dimension)));
            best[piece] = std::max(best[piece], cosine);
        }
    }
    return best;
}

TEST_P(SearchKernels, MatchPiecesByTheirSigns) {
    for (const std::size_t dimension : {std::size_t{8}, std::size_t{312}, std::size_t{384}}) {
        for (const std::size_t count : {1U, 8U, 14U}) {
            std::vector<float> pieces;
            for (std::uint32_t seed = 0; seed < count; ++seed) {
                const std::vector<float> piece = unit(dimension, seed + 40);
                pieces.insert(pieces.end(), piece.begin(), piece.end());
            }
            std::vector<std::uint8_t> bits(330 * dimension / 8);
            for (std::size_t i = 0; i < bits.size(); ++i) {
                bits[i] = static_cast<std::uint8_t>((i * 2'654'435'761U) >> 13);
            }
            // One longer than a batch, some shorter ones around it.
            std::vector<PieceTables::Text> texts;
            std::size_t first = 0;
            for (const std::uint32_t size : {1U, 17U, 300U, 12U}) {
                texts.push_back({&bits[first * dimension / 8], size});
                first += size;
            }
            const PieceTables tables(pieces, dimension);
            const double lost = static_cast<double>(dimension) / (1 << 18);
            std::vector<float> best(texts.size() * tables.padded_pieces());

            tables.best_matches(texts, best.data());

            for (std::size_t text = 0; text < texts.size(); ++text) {
                const std::vector<float> expected = plain_matches(pieces, dimension, texts[text]);
                for (std::size_t piece = 0; piece < count; ++piece) {
                    ASSERT_NEAR(best[text * tables.padded_pieces() + piece], expected[piece], lost);
                }
            }
        }
    }
}

}  // namespace
}  // namespace rag::simd
