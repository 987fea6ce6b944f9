#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "application/ports/embedding_provider.hpp"
#include "domain/error.hpp"

namespace rag {

class Deadlines;

/// How fault tests break the engine on purpose; never set by the server. Each may throw.
struct LocalEmbeddingTestOptions {
    std::function<void()> before_thread;             // Before a thread is made.
    std::function<void(std::size_t)> before_shared;  // Before a thread computes its part.
};

struct LocalEmbeddingOptions {
    std::filesystem::path model_folder;  // config.json, model.safetensors, vocab.txt, ...
    std::size_t threads = 0;             // At most one a core; 0: one a core.
    std::size_t texts_max = 65'536;      // Chunks that wait or are computed; more are `overloaded`.
    std::size_t text_bytes_max = std::size_t{64} << 20;  // Their bytes.
    std::size_t queries_max = 256;                       // Queries that wait.
    Deadlines* deadlines = nullptr;  // The program's; they outlive it. nullptr: its own.
    LocalEmbeddingTestOptions test = {};
};

/// Embeds with a BERT-family model in the process. Reads settings and vocabulary at once
/// (`invalid_argument` if they are not of this kind), the weights in the background. Destroy it
/// while the executors of its callers still run, or after they are gone for good; what still waits
/// is answered `unavailable`.
Result<std::unique_ptr<EmbeddingProvider>> make_local_embedding_provider(
    const LocalEmbeddingOptions& options
);

/// What the configuration says of the provider.
struct EmbeddingOptions {
    std::string provider;  // EMBEDDING_PROVIDER
    LocalEmbeddingOptions local;
};

/// The provider that EMBEDDING_PROVIDER names. `invalid_argument`: this program has none of that
/// name, or it cannot be made of these options.
Result<std::unique_ptr<EmbeddingProvider>> make_embedding_provider(const EmbeddingOptions& options);

}  // namespace rag
