#include "composition/prepared_embeddings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <optional>

#include "support/await.hpp"
#include "support/fake_conversation_repository.hpp"
#include "support/fake_embedding_provider.hpp"

namespace rag::composition {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A provider that is followed; `settle` lets everything happen that can.
class PreparedEmbeddingsTest : public testing::Test {
protected:
    ~PreparedEmbeddingsTest() override {
        prepared.close();
        settle();
        EXPECT_TRUE(ended);
    }

    void follow() {
        // A coroutine outlives the lambda that it came of, so it captures nothing.
        const auto run = [](PreparedEmbeddingsTest& test) -> Task<void> {
            std::function<void()> count = [&test] { ++test.told; };
            co_await test.prepared.follow(test.repository, std::move(count));
            test.ended = true;
        };
        ended = false;
        boost::asio::co_spawn(io, run(*this), boost::asio::detached);
        settle();
    }
    void settle() {
        io.restart();
        while (io.poll() > 0) {
        }
    }
    bool embeds() {
        return test::await(prepared.embed_query("words", test::within(test::kPatience))) &&
               test::await(prepared.embed_chunks({"words"}, test::within(test::kPatience)));
    }
    EmbeddingState state() const { return prepared.status().state; }

    boost::asio::io_context io;
    test::FakeConversationRepository repository;
    test::FakeEmbeddingProvider provider;
    PreparedEmbeddings prepared{provider};
    int told = 0;
    bool ended = true;
};

TEST_F(PreparedEmbeddingsTest, CountAsLoadingUntilTheStoreKnowsTheirSpace) {
    EXPECT_EQ(state(), EmbeddingState::loading);
    EXPECT_FALSE(embeds());

    follow();

    EXPECT_EQ(state(), EmbeddingState::ready);
    EXPECT_TRUE(embeds());
    EXPECT_EQ(repository.calls("use_space"), 1);
    EXPECT_GT(told, 0);
}

TEST_F(PreparedEmbeddingsTest, WaitForAModelThatLoadsLong) {
    provider.set_status({EmbeddingState::loading, {}});
    follow();
    EXPECT_EQ(state(), EmbeddingState::loading);
    EXPECT_EQ(repository.calls("use_space"), 0);

    provider.come_back();
    settle();

    EXPECT_EQ(state(), EmbeddingState::ready);
    EXPECT_TRUE(embeds());
}

TEST_F(PreparedEmbeddingsTest, TryAgainWhileTheStoreCannotUseTheirSpace) {
    repository.fail_with("use_space", ErrorCode::unavailable);
    follow();
    EXPECT_FALSE(embeds());
    EXPECT_EQ(state(), EmbeddingState::loading);

    repository.recover();
    io.restart();
    while (!embeds()) ASSERT_GT(io.run_one_for(test::kPatience), 0u);

    EXPECT_EQ(state(), EmbeddingState::ready);
    EXPECT_EQ(repository.calls("use_space"), 2);
}

TEST_F(PreparedEmbeddingsTest, AskAgainAtOnceOfAStoreThatIsStillBeingOpened) {
    // Each time they look whether they are closed meanwhile.
    repository.fail_with("use_space", ErrorCode::timeout);
    repository.before("use_space", [&] {
        repository.before("use_space", [&] { repository.recover(); });
    });

    follow();

    EXPECT_EQ(repository.calls("use_space"), 2);
    EXPECT_EQ(state(), EmbeddingState::ready);
}

TEST_F(PreparedEmbeddingsTest, EndWithoutAStoreThatIsStillBeingOpened) {
    repository.fail_with("use_space", ErrorCode::timeout);
    repository.before("use_space", [&] { prepared.close(); });

    follow();

    EXPECT_TRUE(ended);
    EXPECT_EQ(state(), EmbeddingState::loading);
}

TEST_F(PreparedEmbeddingsTest, ComeBackByThemselvesFromAProviderThatWasDown) {
    follow();
    provider.go_down();
    settle();
    EXPECT_EQ(state(), EmbeddingState::down);
    EXPECT_FALSE(embeds());
    const int told_before = told;

    provider.come_back();
    settle();

    EXPECT_EQ(state(), EmbeddingState::ready);
    EXPECT_TRUE(embeds());
    EXPECT_EQ(repository.calls("use_space"), 1);  // The store uses it still.
    EXPECT_GT(told, told_before);
}

TEST_F(PreparedEmbeddingsTest, AreDownAndNotLoadingWhileAProviderThatWasDownIsPrepared) {
    provider.go_down();
    follow();
    EXPECT_EQ(state(), EmbeddingState::down);
    repository.fail_with("use_space", ErrorCode::unavailable);

    provider.come_back();
    settle();

    EXPECT_EQ(state(), EmbeddingState::down);  // Searches by words go on.
    EXPECT_FALSE(embeds());
}

TEST_F(PreparedEmbeddingsTest, EmbedNothingIntoASpaceThatTheStoreDoesNotUse) {
    follow();
    repository.fail_with("use_space", ErrorCode::unavailable);

    provider.set_fingerprint("fake-2");
    EXPECT_FALSE(embeds());  // At once, before anybody has followed.
    settle();
    EXPECT_FALSE(embeds());
    EXPECT_EQ(state(), EmbeddingState::down);

    repository.recover();
    provider.changed().notify();
    io.restart();
    while (!embeds()) ASSERT_GT(io.run_one_for(test::kPatience), 0u);
    EXPECT_EQ(state(), EmbeddingState::ready);
}

TEST_F(PreparedEmbeddingsTest, ThrowAwayVectorsWhoseSpaceChangedMeanwhile) {
    follow();
    provider.hold();
    std::optional<Result<std::vector<ChunkEmbedding>>> embedded;
    auto embed = [&]() -> Task<void> {
        std::vector<std::string> texts(1, "words");
        embedded = co_await prepared.embed_chunks(std::move(texts), test::within(test::kPatience));
    };
    boost::asio::co_spawn(io, embed(), boost::asio::detached);
    settle();

    provider.set_fingerprint("fake-2");
    provider.release();
    settle();

    ASSERT_TRUE(embedded);
    ASSERT_FALSE(*embedded);
    EXPECT_EQ(embedded->error().code, ErrorCode::unavailable);
}

TEST_F(PreparedEmbeddingsTest, SayWhatToDoAboutAModelThatCannotBeLoaded) {
    provider.set_status({EmbeddingState::failed, "model.safetensors is damaged"});
    follow();

    const std::string error = prepared.status().error;

    EXPECT_THAT(error, StartsWith("model.safetensors is damaged"));
    EXPECT_THAT(error, HasSubstr("scripts/setup.sh"));
}

TEST_F(PreparedEmbeddingsTest, EmbedNothingForAStoreThatIsBeingClosed) {
    follow();
    prepared.abandon();

    const auto embedded =
        test::await(prepared.embed_chunks({"words"}, test::within(test::kPatience)));

    ASSERT_FALSE(embedded);
    EXPECT_EQ(embedded.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace rag::composition
