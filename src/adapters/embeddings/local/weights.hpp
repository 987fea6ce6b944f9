#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "arena.hpp"
#include "domain/error.hpp"
#include "model_config.hpp"
#include "safetensors.hpp"
#include "simd/gemm.hpp"
#include "simd/rows.hpp"

namespace rag::local {

/// outputs = weights x inputs + bias, packed for `simd::multiply`.
struct Linear {
    std::size_t outputs = 0;
    std::size_t inputs = 0;
    const float* floats = nullptr;
    const simd::Half* halves =
        nullptr;                  // The same rounded; nullptr where the CPU has no use for it.
    const float* bias = nullptr;  // A value for each padded output.
};

struct Layer {
    Linear query_key_value;  // Three padded blocks side by side.
    Linear attention_output;
    Linear up;
    Linear down;
    simd::LayerNorm attention_norm;
    simd::LayerNorm output_norm;
};

/// The network of a model folder, ready to run. Word embeddings stay in the mapped file, of which
/// few pages are used; all else is packed once, and its pages of the file are given back.
class Weights {
public:
    /// `folder`/model.safetensors. With `digest` not empty, its SHA-256 must be that (`corrupt`).
    static Result<std::unique_ptr<const Weights>> load(
        const std::filesystem::path& folder, const ModelConfig& config, const std::string& digest
    );

    const ModelConfig& config() const { return config_; }
    const std::vector<Layer>& layers() const { return layers_; }
    const std::string& digest() const { return digest_; }  // SHA-256, hexadecimal.
    bool has_halves() const { return has_halves_; }

    /// Sum of the embeddings of a word piece at a position, normalised.
    void embed(std::int32_t id, std::size_t position, float* row) const;

private:
    Weights(SafetensorsFile file, const ModelConfig& config);

    const Tensor* find(const std::string& name) const;
    Result<void> check_shapes() const;
    void pack();
    void pack_layer(std::size_t index);
    void pack_linear(const std::vector<std::string>& names, Linear& linear);
    simd::LayerNorm copy_norm(const std::string& name);

    SafetensorsFile file_;
    ModelConfig config_;
    std::string prefix_;  // "bert." in files that were saved with a head on top.
    std::string digest_;
    bool has_halves_;
    Arena arena_;
    const float* words_ = nullptr;
    const float* positions_ = nullptr;  // With the embedding of token type 0 added.
    simd::LayerNorm embedding_norm_{};
    std::vector<Layer> layers_;
};

}  // namespace rag::local
