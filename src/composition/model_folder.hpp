#pragma once

#include <filesystem>

#include "domain/error.hpp"
#include "infrastructure/config.hpp"

namespace rag::composition {

/// Where the embedding model lies: EMBEDDING_MODEL_PATH, or a folder of the model's name in
/// `models/` beside the program or above it (a checkout), or in its `share/` (an installation).
/// `not_found` names every place looked at.
Result<std::filesystem::path> find_model_folder(const Config& config);

}  // namespace rag::composition
