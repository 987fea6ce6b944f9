#include "weights.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "encoding/digest.hpp"
#include "encoding/hex.hpp"
#include "simd/targets.hpp"

namespace rag::local {
namespace {

std::string layer_name(std::size_t index) { return "encoder.layer." + std::to_string(index) + "."; }

/// Arena bytes of a linear part made of `blocks` padded blocks of outputs.
std::size_t linear_bytes(
    std::size_t blocks, std::size_t block_outputs, std::size_t inputs, bool halves
) {
    const std::size_t outputs = blocks * simd::padded_columns(block_outputs);
    const std::size_t count = outputs * inputs;
    return Arena::bytes_for<float>(count) + Arena::bytes_for<float>(outputs) +
           (halves ? Arena::bytes_for<simd::Half>(count) : 0);
}

std::size_t bytes_needed(const ModelConfig& config, bool halves) {
    const std::size_t hidden = config.hidden_size, wide = config.intermediate_size;
    const std::size_t norm = 2 * Arena::bytes_for<float>(hidden);
    const std::size_t layer =
        linear_bytes(3, hidden, hidden, halves) + linear_bytes(1, hidden, hidden, halves) +
        linear_bytes(1, wide, hidden, halves) + linear_bytes(1, hidden, wide, halves) + 2 * norm;
    return config.layers * layer + norm + Arena::bytes_for<float>(config.positions * hidden);
}

}  // namespace

Result<std::unique_ptr<const Weights>> Weights::load(
    const std::filesystem::path& folder, const ModelConfig& config, const std::string& digest
) {
    const std::filesystem::path path = folder / "model.safetensors";
    // Half of the loading time is the digest: it is computed beside the packing.
    auto computed =
        std::async(std::launch::async, [path] { return encoding::sha256_of_file(path); });
    Result<SafetensorsFile> file = SafetensorsFile::open(path);
    if (!file) return tl::unexpected(file.error());
    std::unique_ptr<Weights> weights(new Weights(std::move(*file), config));
    if (Result<void> checked = weights->check_shapes(); !checked) {
        return tl::unexpected(checked.error());
    }
    weights->pack();

    const std::optional<encoding::Digest> found = computed.get();
    if (found) weights->digest_ = encoding::to_hex(*found);
    if (!found || (!digest.empty() && weights->digest_ != digest)) {
        return fail(ErrorCode::corrupt, "model.safetensors is not the file it should be (SHA-256)");
    }
    return weights;
}

Weights::Weights(SafetensorsFile file, const ModelConfig& config)
    : file_(std::move(file)),
      config_(config),
      prefix_(file_.find("bert.embeddings.word_embeddings.weight") != nullptr ? "bert." : ""),
      has_halves_(simd::widens_halves()),
      arena_(bytes_needed(config, has_halves_)) {}

const Tensor* Weights::find(const std::string& name) const { return file_.find(prefix_ + name); }

Result<void> Weights::check_shapes() const {
    const std::size_t hidden = config_.hidden_size, wide = config_.intermediate_size;
    std::vector<std::pair<std::string, std::vector<std::size_t>>> expected = {
        {"embeddings.word_embeddings.weight", {config_.vocabulary_size, hidden}},
        {"embeddings.position_embeddings.weight", {config_.positions, hidden}},
        {"embeddings.LayerNorm.weight", {hidden}},
        {"embeddings.LayerNorm.bias", {hidden}}};
    for (std::size_t index = 0; index < config_.layers; ++index) {
        const std::string layer = layer_name(index);
        for (const char* part :
             {"attention.self.query",
              "attention.self.key",
              "attention.self.value",
              "attention.output.dense"}) {
            expected.push_back({layer + part + ".weight", {hidden, hidden}});
            expected.push_back({layer + part + ".bias", {hidden}});
        }
        expected.push_back({layer + "intermediate.dense.weight", {wide, hidden}});
        expected.push_back({layer + "intermediate.dense.bias", {wide}});
        expected.push_back({layer + "output.dense.weight", {hidden, wide}});
        expected.push_back({layer + "output.dense.bias", {hidden}});
        for (const char* part : {"attention.output.LayerNorm", "output.LayerNorm"}) {
            expected.push_back({layer + part + ".weight", {hidden}});
            expected.push_back({layer + part + ".bias", {hidden}});
        }
    }
    for (const auto& [name, shape] : expected) {
        const Tensor* tensor = find(name);
        if (tensor == nullptr || tensor->shape != shape) {
            return fail(
                ErrorCode::corrupt,
                "model.safetensors lacks " + name + " as config.json describes it"
            );
        }
    }
    const Tensor* types = find("embeddings.token_type_embeddings.weight");
    if (types == nullptr || types->shape.size() != 2 || types->shape[0] == 0 ||
        types->shape[1] != hidden) {
        return fail(ErrorCode::corrupt, "model.safetensors lacks the token type embeddings");
    }
    return {};
}

void Weights::pack() {
    const std::size_t hidden = config_.hidden_size;
    words_ = find("embeddings.word_embeddings.weight")->values.data();
    const Tensor& positions = *find("embeddings.position_embeddings.weight");
    const float* type = find("embeddings.token_type_embeddings.weight")->values.data();
    auto* sums = arena_.take<float>(config_.positions * hidden);
    for (std::size_t i = 0; i < config_.positions * hidden; ++i) {
        sums[i] = positions.values[i] + type[i % hidden];
    }
    positions_ = sums;
    file_.forget(positions);
    embedding_norm_ = copy_norm("embeddings.LayerNorm");
    layers_.resize(config_.layers);
    for (std::size_t index = 0; index < config_.layers; ++index) pack_layer(index);
}

void Weights::pack_layer(std::size_t index) {
    const std::string name = layer_name(index);
    Layer& layer = layers_[index];
    const std::string self = name + "attention.self.";
    pack_linear({self + "query", self + "key", self + "value"}, layer.query_key_value);
    pack_linear({name + "attention.output.dense"}, layer.attention_output);
    pack_linear({name + "intermediate.dense"}, layer.up);
    pack_linear({name + "output.dense"}, layer.down);
    layer.attention_norm = copy_norm(name + "attention.output.LayerNorm");
    layer.output_norm = copy_norm(name + "output.LayerNorm");
}

void Weights::pack_linear(const std::vector<std::string>& names, Linear& linear) {
    const Tensor& first = *find(names.front() + ".weight");
    const simd::WeightShape shape{first.shape[0], first.shape[1], first.shape[1]};
    const std::size_t block = simd::padded_columns(shape.outputs);
    linear.outputs = names.size() * block;
    linear.inputs = shape.inputs;
    auto* floats = arena_.take<float>(linear.outputs * shape.inputs);
    auto* bias = arena_.take<float>(linear.outputs);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Tensor& weight = *find(names[i] + ".weight");
        simd::pack_panels(weight.values.data(), shape, floats + i * block * shape.inputs);
        file_.forget(weight);
        std::ranges::copy(find(names[i] + ".bias")->values, bias + i * block);
    }
    linear.floats = floats;
    linear.bias = bias;
    if (!has_halves_) return;
    auto* halves = arena_.take<simd::Half>(linear.outputs * shape.inputs);
    simd::to_half(floats, linear.outputs * shape.inputs, halves);
    linear.halves = halves;
}

simd::LayerNorm Weights::copy_norm(const std::string& name) {
    auto* scale = arena_.take<float>(config_.hidden_size);
    auto* shift = arena_.take<float>(config_.hidden_size);
    std::ranges::copy(find(name + ".weight")->values, scale);
    std::ranges::copy(find(name + ".bias")->values, shift);
    return {scale, shift, config_.layer_norm_epsilon};
}

void Weights::embed(std::int32_t id, std::size_t position, float* row) const {
    const std::size_t hidden = config_.hidden_size;
    std::copy_n(words_ + static_cast<std::size_t>(id) * hidden, hidden, row);
    simd::add_row(row, positions_ + position * hidden, hidden);
    simd::layer_norm(row, hidden, embedding_norm_);
}

}  // namespace rag::local
