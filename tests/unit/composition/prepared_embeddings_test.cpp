#include "composition/prepared_embeddings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/await.hpp"
#include "support/fake_embedding_provider.hpp"

namespace rag::composition {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(PreparedEmbeddings, CountAsLoadingUntilTheStoreKnowsTheirSpace) {
    test::FakeEmbeddingProvider provider;
    PreparedEmbeddings prepared(provider);

    EXPECT_EQ(prepared.status().state, EmbeddingState::loading);
    EXPECT_FALSE(test::await(prepared.embed_query("words", test::within(test::kPatience))));

    prepared.open();
    EXPECT_EQ(prepared.status().state, EmbeddingState::ready);
    EXPECT_TRUE(test::await(prepared.embed_query("words", test::within(test::kPatience))));
}

TEST(PreparedEmbeddings, SayWhatToDoAboutAModelThatCannotBeLoaded) {
    test::FakeEmbeddingProvider provider;
    provider.set_status({EmbeddingState::failed, "model.safetensors is damaged"});
    const PreparedEmbeddings prepared(provider);

    const std::string error = prepared.status().error;

    EXPECT_THAT(error, StartsWith("model.safetensors is damaged"));
    EXPECT_THAT(error, HasSubstr("scripts/setup.sh"));
}

TEST(PreparedEmbeddings, EmbedNothingForAStoreThatIsBeingClosed) {
    test::FakeEmbeddingProvider provider;
    PreparedEmbeddings prepared(provider);
    prepared.open();
    prepared.abandon();

    const auto embedded =
        test::await(prepared.embed_chunks({"words"}, test::within(test::kPatience)));

    ASSERT_FALSE(embedded);
    EXPECT_EQ(embedded.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace rag::composition
