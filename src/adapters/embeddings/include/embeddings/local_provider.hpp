#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "application/ports/embedding_provider.hpp"
#include "domain/error.hpp"

namespace rag {

struct LocalEmbeddingOptions {
    std::filesystem::path model_folder;  // config.json, model.safetensors, vocab.txt, ...
    std::size_t threads = 0;             // At most one a core; 0: one a core.
    std::size_t texts_max = 65'536;      // Chunks that wait or are computed; more are `overloaded`.
    std::size_t text_bytes_max = std::size_t{64} << 20;  // Their bytes.
    std::size_t queries_max = 256;                       // Queries that wait.
};

/// Embeds with a BERT-family model in the process. Reads settings and vocabulary at once
/// (`invalid_argument` if they are not of this kind), the weights in the background. Destroy it
/// while the executors of its callers still run, or after they are gone for good; what still waits
/// is answered `unavailable`.
Result<std::unique_ptr<EmbeddingProvider>> make_local_embedding_provider(
    const LocalEmbeddingOptions& options
);

}  // namespace rag
