#include "contract/embedding_provider_contract.hpp"
#include "support/fake_embedding_provider.hpp"

namespace rag::test {
namespace {

// A fake that breaks the contract would make every test above it worthless.
INSTANTIATE_TEST_SUITE_P(
    Fake,
    EmbeddingProviderContract,
    testing::Values(
        [] { return std::make_unique<FakeEmbeddingProvider>(); },
        [] { return std::make_unique<FakeEmbeddingProvider>(false); }
    )
);

}  // namespace
}  // namespace rag::test
