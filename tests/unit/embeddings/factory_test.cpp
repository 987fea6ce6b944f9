#include "embeddings/factory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tiny_model.hpp"

namespace rag {
namespace {

using testing::HasSubstr;

TEST(EmbeddingFactory, MakesTheProviderThatTheConfigurationNames) {
    const test::TinyModel model(test::TinyShape{});

    const auto provider =
        make_embedding_provider({.provider = "local", .local = {.model_folder = model.folder()}});

    ASSERT_TRUE(provider) << provider.error().message;
    EXPECT_EQ((*provider)->space().provider, "local");
    EXPECT_EQ((*provider)->preferred_batch(), 256u);
}

TEST(EmbeddingFactory, RefusesWhatIsNotBuiltAndNamesTheKey) {
    const auto provider = make_embedding_provider({.provider = "openai", .local = {}});

    ASSERT_FALSE(provider);
    EXPECT_EQ(provider.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(provider.error().message, HasSubstr("EMBEDDING_PROVIDER"));
    EXPECT_THAT(provider.error().message, HasSubstr("openai"));
    EXPECT_THAT(provider.error().message, HasSubstr("local"));
}

}  // namespace
}  // namespace rag
