#include "embeddings/factory.hpp"

#include <string_view>

namespace rag {
namespace {

/// A provider that this program has.
struct Provider {
    std::string_view name;  // As in EMBEDDING_PROVIDER.
    Result<std::unique_ptr<EmbeddingProvider>> (*make)(const EmbeddingOptions&);
};

constexpr Provider kProviders[] = {
    {"local",
     [](const EmbeddingOptions& options) { return make_local_embedding_provider(options.local); }},
};

std::string names() {
    std::string all;
    for (const Provider& provider : kProviders) {
        if (!all.empty()) all += ", ";
        all += provider.name;
    }
    return all;
}

}  // namespace

Result<std::unique_ptr<EmbeddingProvider>> make_embedding_provider(const EmbeddingOptions& options
) {
    for (const Provider& provider : kProviders) {
        if (provider.name == options.provider) return provider.make(options);
    }
    return fail(
        ErrorCode::invalid_argument,
        "EMBEDDING_PROVIDER: this program has no \"" + options.provider + "\", only: " + names()
    );
}

}  // namespace rag
