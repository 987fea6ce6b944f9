#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "application/ports/embedding_provider.hpp"
#include "support/await.hpp"

namespace rag::test {

/// What every EmbeddingProvider promises. A runner instantiates it with a factory of providers
/// that are `ready`:
///
///   INSTANTIATE_TEST_SUITE_P(Local, EmbeddingProviderContract, testing::Values(factory));
using EmbeddingProviderFactory = std::function<std::unique_ptr<EmbeddingProvider>()>;

class EmbeddingProviderContract : public testing::TestWithParam<EmbeddingProviderFactory> {
protected:
    EmbeddingProviderContract() : provider(GetParam()()) {}

    Result<std::vector<ChunkEmbedding>> embed(std::vector<std::string> texts) {
        return await(provider->embed_chunks(std::move(texts), within(std::chrono::seconds(30))));
    }
    Result<QueryEmbedding> embed_query(std::string text) {
        return await(provider->embed_query(std::move(text), within(std::chrono::seconds(30))));
    }
    std::string words(std::size_t count) const {
        std::string text;
        while (provider->token_counter().count(text) < count) text += "word ";
        return text;
    }

    std::unique_ptr<EmbeddingProvider> provider;
};

inline float length_of(const std::vector<float>& vector) {
    double square = 0;
    for (const float value : vector) square += static_cast<double>(value) * value;
    return static_cast<float>(std::sqrt(square));
}

inline float cosine_of(const std::vector<float>& one, const std::vector<float>& other) {
    double sum = 0;
    for (std::size_t axis = 0; axis < one.size(); ++axis) {
        sum += static_cast<double>(one[axis]) * other[axis];
    }
    return static_cast<float>(sum);
}

TEST_P(EmbeddingProviderContract, IsReadyInASpaceThatIsNamed) {
    EXPECT_EQ(provider->status().state, EmbeddingState::ready);
    EXPECT_FALSE(provider->space().provider.empty());
    EXPECT_FALSE(provider->space().model.empty());
    EXPECT_GT(provider->space().dimension, 0u);
    EXPECT_EQ(provider->space(), provider->space());
}

TEST_P(EmbeddingProviderContract, AnswersUnitVectorsInTheOrderOfTheTexts) {
    const std::vector<std::string> texts{"ana: the backups moved", "ben: lunch?", "carl: snow"};
    const auto together = embed(texts);

    ASSERT_TRUE(together) << together.error().message;
    ASSERT_EQ(together->size(), texts.size());
    for (std::size_t place = 0; place < texts.size(); ++place) {
        const std::vector<float>& vector = (*together)[place].vector;
        ASSERT_EQ(vector.size(), provider->space().dimension);
        EXPECT_NEAR(length_of(vector), 1, 1e-4);
        const auto alone = embed({texts[place]});
        EXPECT_GE(cosine_of(vector, alone->front().vector), 0.9999F);
    }
    EXPECT_LT(cosine_of((*together)[0].vector, (*together)[2].vector), 0.99F);
}

TEST_P(EmbeddingProviderContract, AnswersNothingForNoText) {
    const auto none = embed({});

    ASSERT_TRUE(none) << none.error().message;
    EXPECT_TRUE(none->empty());
}

TEST_P(EmbeddingProviderContract, EmbedsManyTextsAtOnce) {
    std::vector<std::string> texts;
    for (int number = 0; number < 300; ++number) {
        texts.push_back("ana: message number " + std::to_string(number));
    }
    const auto embedded = embed(texts);

    ASSERT_TRUE(embedded) << embedded.error().message;
    ASSERT_EQ(embedded->size(), texts.size());
    const auto last = embed({texts.back()});
    EXPECT_GE(cosine_of(embedded->back().vector, last->front().vector), 0.9999F);
}

TEST_P(EmbeddingProviderContract, GivesPiecesThatFitTogether) {
    const auto embedded = embed({"ana: the backups moved to another bucket", "the: a"});

    ASSERT_TRUE(embedded) << embedded.error().message;
    for (const ChunkEmbedding& embedding : *embedded) {
        const PieceBits& pieces = embedding.pieces;
        if (pieces.dimension == 0) GTEST_SKIP() << "This provider gives no token vectors.";
        EXPECT_EQ(pieces.dimension % 8, 0u);
        EXPECT_FALSE(pieces.content_ids.empty());
        EXPECT_EQ(pieces.bits.size(), pieces.content_ids.size() * pieces.dimension / 8);
        const std::set<std::int32_t> unique(pieces.unique_ids.begin(), pieces.unique_ids.end());
        EXPECT_EQ(unique.size(), pieces.unique_ids.size());
        EXPECT_TRUE(std::is_sorted(pieces.unique_ids.begin(), pieces.unique_ids.end()));
    }
}

TEST_P(EmbeddingProviderContract, FindsAQuestionNearTheTextThatAnswersIt) {
    const auto texts = embed({"ana: the backups moved to another bucket", "ben: lunch at noon"});
    const auto question = embed_query("which bucket are the backups in?");

    ASSERT_TRUE(question) << question.error().message;
    EXPECT_NEAR(length_of(question->vector), 1, 1e-4);
    EXPECT_GT(
        cosine_of(question->vector, (*texts)[0].vector),
        cosine_of(question->vector, (*texts)[1].vector)
    );
    const QueryPieces& pieces = question->pieces;
    EXPECT_EQ(pieces.vectors.size(), pieces.ids.size() * pieces.dimension);
    for (std::size_t piece = 0; piece < pieces.ids.size(); ++piece) {
        const auto first =
            pieces.vectors.begin() + static_cast<std::ptrdiff_t>(piece * pieces.dimension);
        const std::vector<float> vector(
            first, first + static_cast<std::ptrdiff_t>(pieces.dimension)
        );
        EXPECT_NEAR(length_of(vector), 1, 1e-3);
    }
}

TEST_P(EmbeddingProviderContract, TakesATextAsLongAsTheModelReadsAndNoLongerOne) {
    const std::size_t longest =
        provider->token_counter().max_tokens() - provider->token_counter().special_tokens();

    const auto fits = embed({words(longest)});
    const auto over = embed({"short", words(longest + 1)});

    EXPECT_TRUE(fits) << fits.error().message;
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, ErrorCode::invalid_argument);
}

TEST_P(EmbeddingProviderContract, EmbedsAQuestionOfAnyLength) {
    const auto embedded = embed_query(words(3 * provider->token_counter().max_tokens()));

    ASSERT_TRUE(embedded) << embedded.error().message;
    EXPECT_NEAR(length_of(embedded->vector), 1, 1e-4);
}

TEST_P(EmbeddingProviderContract, AnswersTimeoutAfterTheDeadline) {
    const CallContext passed = within(std::chrono::seconds(-1));

    const auto texts = await(provider->embed_chunks({"ana: hello"}, passed));
    const auto query = await(provider->embed_query("hello", passed));

    ASSERT_FALSE(texts);
    EXPECT_EQ(texts.error().code, ErrorCode::timeout);
    ASSERT_FALSE(query);
    EXPECT_EQ(query.error().code, ErrorCode::timeout);
}

TEST_P(EmbeddingProviderContract, HasNoBacklogWhenNothingIsAsked) {
    (void)embed({"ana: hello"});

    EXPECT_EQ(provider->backlog(), 0u);
}

}  // namespace rag::test
