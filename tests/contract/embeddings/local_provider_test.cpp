#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "contract/embedding_provider_contract.hpp"
#include "embeddings/factory.hpp"

namespace rag::test {
namespace {

/// The model that scripts/setup.sh installs.
std::unique_ptr<EmbeddingProvider> local_provider() {
    auto provider = make_local_embedding_provider({.model_folder = RAG_MODEL_FOLDER, .threads = 2});
    if (!provider) throw std::runtime_error(provider.error().message);
    const Deadline patience = in(kPatience);
    while ((*provider)->status().state == EmbeddingState::loading &&
           std::chrono::steady_clock::now() < patience) {
        std::this_thread::yield();
    }
    return std::move(*provider);
}

INSTANTIATE_TEST_SUITE_P(
    Local, EmbeddingProviderContract, testing::Values(EmbeddingProviderFactory(local_provider))
);

struct Golden {
    std::string text;
    std::vector<float> vector;
};

std::vector<Golden> golden_vectors() {
    std::ifstream file(RAG_GOLDEN_VECTORS);
    std::vector<Golden> all;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        const std::size_t bar = line.rfind('|');
        std::istringstream numbers(line.substr(bar + 1));
        Golden& golden = all.emplace_back();
        golden.text = line.substr(0, bar);
        for (float value = 0; numbers >> value;) golden.vector.push_back(value);
    }
    return all;
}

TEST(LocalModel, GivesTheVectorsOfTheReference) {
    const auto provider = local_provider();
    ASSERT_EQ(provider->status().state, EmbeddingState::ready) << provider->status().error;
    const std::vector<Golden> all = golden_vectors();
    ASSERT_GE(all.size(), 8U);
    std::vector<std::string> texts;
    for (const Golden& golden : all) texts.push_back(golden.text);

    const auto chunks = await(provider->embed_chunks(texts, within(kPatience)));

    ASSERT_TRUE(chunks) << chunks.error().message;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto query = await(provider->embed_query(texts[i], within(kPatience)));
        ASSERT_TRUE(query) << query.error().message;
        // The golden vectors are rounded to five digits.
        const float length = length_of(all[i].vector);
        EXPECT_GE(cosine_of((*chunks)[i].vector, all[i].vector) / length, 0.99999F) << texts[i];
        EXPECT_GE(cosine_of(query->vector, all[i].vector) / length, 0.9999F) << texts[i];
    }
}

}  // namespace
}  // namespace rag::test
