#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "domain/error.hpp"

namespace rag::local {

enum class Pooling : std::uint8_t { mean, cls };

/// What a model folder says of a network of the BERT family.
struct ModelConfig {
    std::size_t hidden_size = 0;
    std::size_t layers = 0;
    std::size_t heads = 0;
    std::size_t intermediate_size = 0;
    std::size_t vocabulary_size = 0;
    std::size_t positions = 0;
    float layer_norm_epsilon = 0;
    Pooling pooling = Pooling::mean;  // Vectors are made unit length, whatever the folder says.

    std::size_t head_size() const { return hidden_size / heads; }
};

/// Reads config.json and, where they are, modules.json and 1_Pooling/config.json.
/// `invalid_argument`: something that this engine does not compute.
Result<ModelConfig> read_model_config(const std::filesystem::path& folder);

}  // namespace rag::local
