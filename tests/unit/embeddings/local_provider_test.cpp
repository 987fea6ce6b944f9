#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "embeddings/factory.hpp"
#include "support/await.hpp"
#include "tiny_model.hpp"

namespace rag {
namespace {

using namespace std::chrono_literals;
using test::await;
using test::await_on;
using test::in;
using test::TinyModel;
using test::TinyShape;
using test::within;
using ::testing::ElementsAre;

/// The provider once it is ready or has failed.
std::unique_ptr<EmbeddingProvider> loaded(LocalEmbeddingOptions options) {
    auto provider = make_local_embedding_provider(options);
    EXPECT_TRUE(provider) << provider.error().message;
    const Deadline patience = in(test::kPatience);
    while ((*provider)->status().state == EmbeddingState::loading &&
           std::chrono::steady_clock::now() < patience) {
        std::this_thread::yield();
    }
    return std::move(*provider);
}

/// Dropped texts leave the queue when a worker comes across them.
bool backlog_ends(const EmbeddingProvider& provider) {
    const Deadline patience = in(test::kPatience);
    while (provider.backlog() > 0 && std::chrono::steady_clock::now() < patience) {
        std::this_thread::yield();
    }
    return provider.backlog() == 0;
}

double cosine(const std::vector<float>& one, const std::vector<double>& other) {
    double dot = 0;
    for (std::size_t i = 0; i < one.size(); ++i) dot += static_cast<double>(one[i]) * other[i];
    return dot;
}

std::string repeated(const std::string& word, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += word;
    return text;
}

TEST(LocalProvider, EmbedsChunksWithTheBitsOfTheirContentPieces) {
    const TinyModel model(TinyShape{});
    const auto provider = loaded({.model_folder = model.folder(), .threads = 2});

    const auto result = await(provider->embed_chunks({"w1 the w0 w1?", "the ?"}, within(10s)));

    ASSERT_TRUE(result) << result.error().message;
    const std::vector<std::int32_t> ids = {2, 5, 14, 4, 5, 15, 3};
    EXPECT_GT(cosine((*result)[0].vector, model.sentence(ids)), 0.99999);
    const PieceBits& pieces = (*result)[0].pieces;
    EXPECT_EQ(pieces.dimension, 64U);
    EXPECT_THAT(pieces.content_ids, ElementsAre(5, 4, 5));
    EXPECT_THAT(pieces.unique_ids, ElementsAre(4, 5, 14, 15));
    const std::vector<double> states = model.states(ids);
    const std::size_t places[] = {1, 3, 4};
    for (std::size_t piece = 0; piece < 3; ++piece) {
        for (std::size_t d = 0; d < 64; ++d) {
            const double value = states[places[piece] * 64 + d];
            if (std::abs(value) < 1e-3) continue;  // Rounding may decide.
            EXPECT_EQ(pieces.bits[piece * 8 + d / 8] >> (d % 8) & 1, value > 0 ? 1 : 0)
                << piece << " " << d;
        }
    }
    // Nothing but stop pieces: the text stands for itself.
    EXPECT_THAT((*result)[1].pieces.content_ids, ElementsAre(TinyModel::kCls));
}

TEST(LocalProvider, EmbedsAQueryWithTheVectorsOfItsContentPieces) {
    const TinyModel model(TinyShape{});
    const auto provider = loaded({.model_folder = model.folder(), .threads = 2});

    const auto query = await(provider->embed_query("the w3 w4 ?", within(10s)));
    const auto stops = await(provider->embed_query("the ?", within(10s)));
    const auto empty = await(provider->embed_query("", within(10s)));

    ASSERT_TRUE(query && stops && empty);
    EXPECT_GT(cosine(query->vector, model.sentence({2, 14, 7, 8, 15, 3})), 0.9999);
    EXPECT_THAT(query->pieces.ids, ElementsAre(7, 8));
    const std::vector<double> states = model.states({2, 14, 7, 8, 15, 3});
    double length = 0;
    for (std::size_t d = 0; d < 64; ++d) length += states[128 + d] * states[128 + d];
    for (std::size_t d = 0; d < 64; ++d) {
        EXPECT_NEAR(query->pieces.vectors[d], states[128 + d] / std::sqrt(length), 5e-3);
    }
    EXPECT_THAT(stops->pieces.ids, ElementsAre(14, 15));
    EXPECT_TRUE(empty->pieces.ids.empty());
    EXPECT_GT(cosine(empty->vector, model.sentence({2, 3})), 0.9999);
}

TEST(LocalProvider, EmbedsALongQueryInEqualParts) {
    const TinyModel model(TinyShape{.max_tokens = 6});
    const auto provider = loaded({.model_folder = model.folder(), .threads = 2});

    const auto query = await(provider->embed_query("w0 w1 w2 w3 w4 w5", within(10s)));

    ASSERT_TRUE(query) << query.error().message;
    const std::vector<double> first = model.sentence({2, 4, 5, 6, 3}),
                              second = model.sentence({2, 7, 8, 9, 3});
    std::vector<double> mean(first.size());
    double length = 0;
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] = first[d] + second[d];
    for (const double value : mean) length += value * value;
    for (double& value : mean) value /= std::sqrt(length);
    EXPECT_GT(cosine(query->vector, mean), 0.9999);
    EXPECT_THAT(query->pieces.ids, ElementsAre(4, 5, 6, 7, 8, 9));
}

TEST(LocalProvider, NeverCutsAText) {
    const TinyModel model(TinyShape{.max_tokens = 6});
    const auto provider = loaded({.model_folder = model.folder(), .threads = 1});

    EXPECT_TRUE(await(provider->embed_chunks({"w0 w1 w2 w3"}, within(10s))));
    const auto over = await(provider->embed_chunks({"w0", "w0 w1 w2 w3 w4"}, within(10s)));

    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(backlog_ends(*provider));
}

TEST(LocalProvider, AnswersWhileItLoads) {
    const TinyModel model(TinyShape{});
    const auto provider = make_local_embedding_provider({.model_folder = model.folder()});
    ASSERT_TRUE(provider);

    EXPECT_EQ((*provider)->space().dimension, 64U);
    EXPECT_EQ((*provider)->token_counter().count("w1 w2"), 2U);
    const auto early = await((*provider)->embed_query("w1", within(10s)));
    EXPECT_TRUE(early || early.error().code == ErrorCode::unavailable);
}

TEST(LocalProvider, SaysWhyItsWeightsAreOfNoUse) {
    const TinyModel damaged(TinyShape{});
    damaged.write("model.safetensors", damaged.read("model.safetensors").substr(0, 500));
    // A model that is known by its name is known by its digest.
    const TinyModel other(TinyShape{}, "all-MiniLM-L6-v2");

    for (const TinyModel* model : {&damaged, &other}) {
        const auto provider = loaded({.model_folder = model->folder()});

        EXPECT_EQ(provider->status().state, EmbeddingState::failed);
        EXPECT_FALSE(provider->status().error.empty());
        const auto query = await(provider->embed_query("w1", within(10s)));
        ASSERT_FALSE(query);
        EXPECT_EQ(query.error().code, ErrorCode::unavailable);
    }
}

TEST(LocalProvider, IsNotMadeOfAFolderThatDoesNotFit) {
    const TinyModel model(TinyShape{.positions = 10, .max_tokens = 20});

    EXPECT_FALSE(make_local_embedding_provider({.model_folder = model.folder()}));
    EXPECT_FALSE(make_local_embedding_provider({.model_folder = "/nowhere"}));
}

TEST(LocalProvider, HasAFingerprintOfItsWeights) {
    const TinyModel one(TinyShape{}), same(TinyShape{}), other(TinyShape{.layers = 1});
    const auto fingerprint = [](const TinyModel& model) {
        return loaded({.model_folder = model.folder()})->space().fingerprint;
    };

    EXPECT_EQ(fingerprint(one).size(), 64U);
    EXPECT_EQ(fingerprint(one), fingerprint(same));
    EXPECT_NE(fingerprint(one), fingerprint(other));
}

TEST(LocalProvider, RefusesMoreThanItsQueueHolds) {
    const TinyModel model(TinyShape{});
    const auto provider =
        loaded({.model_folder = model.folder(), .texts_max = 3, .text_bytes_max = 100});

    EXPECT_TRUE(await(provider->embed_chunks({"w0", "w1", "w2"}, within(10s))));
    const auto many = await(provider->embed_chunks({"w0", "w1", "w2", "w3"}, within(10s)));
    const auto large = await(provider->embed_chunks({repeated(" ", 101)}, within(10s)));

    ASSERT_FALSE(many);
    EXPECT_EQ(many.error().code, ErrorCode::overloaded);
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, ErrorCode::overloaded);
    EXPECT_TRUE(await(provider->embed_chunks({"w0"}, within(10s))));
}

/// Enough work for a thread to be busy with while others come.
std::vector<std::string> much_work() {
    return std::vector<std::string>(20'000, repeated("w1 w2 ", 9));
}

TEST(LocalProvider, LetsAQueryOvertakeALargeIngest) {
    const TinyModel model(TinyShape{});
    const auto provider = loaded({.model_folder = model.folder(), .threads = 1});
    boost::asio::io_context io;
    bool ingested = false;
    boost::asio::co_spawn(
        io,
        provider->embed_chunks(much_work(), within(50s)),
        [&](std::exception_ptr, auto result) {
            EXPECT_TRUE(result);
            ingested = true;
        }
    );

    const auto query = await_on(io, provider->embed_query("w1", within(50s)));

    ASSERT_TRUE(query) << query.error().message;
    EXPECT_FALSE(ingested);
    EXPECT_GT(provider->backlog(), 0U);
    io.restart();
    io.run_for(test::kPatience);
    EXPECT_TRUE(ingested);
    EXPECT_EQ(provider->backlog(), 0U);
}

TEST(LocalProvider, AnswersAtTheDeadlineAndDropsTheWork) {
    const TinyModel model(TinyShape{});
    const auto provider = loaded({.model_folder = model.folder(), .threads = 1});
    boost::asio::io_context io;

    const auto late = await_on(io, provider->embed_chunks(much_work(), within(5ms)));

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timeout);
    EXPECT_TRUE(await_on(io, provider->embed_chunks({"w1"}, within(50s))));
    EXPECT_TRUE(backlog_ends(*provider));
}

TEST(LocalProvider, AnswersWhatWaitsWhenItGoes) {
    const TinyModel model(TinyShape{});
    auto provider = loaded({.model_folder = model.folder(), .threads = 1});
    boost::asio::io_context io;
    std::vector<ErrorCode> codes;
    for (int i = 0; i < 3; ++i) {
        boost::asio::co_spawn(
            io,
            provider->embed_chunks(much_work(), within(50s)),
            [&](std::exception_ptr, auto result) {
                if (!result) codes.push_back(result.error().code);
            }
        );
    }
    io.poll();

    provider.reset();
    io.run_for(test::kPatience);

    EXPECT_THAT(
        codes, ElementsAre(ErrorCode::unavailable, ErrorCode::unavailable, ErrorCode::unavailable)
    );
}

}  // namespace
}  // namespace rag
