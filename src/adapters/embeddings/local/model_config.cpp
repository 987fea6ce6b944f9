#include "model_config.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

namespace rag::local {
namespace {

using nlohmann::json;

constexpr std::size_t kSizeMax = 1 << 20;  // No size of a network is beyond it.

tl::unexpected<Error> unsupported(const std::string& what) {
    return fail(ErrorCode::invalid_argument, "the embedding model is not supported: " + what);
}

/// nullopt: no such file. Discarded: not JSON.
std::optional<json> read_json(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) return std::nullopt;
    return json::parse(file, nullptr, false);
}

/// 0 if it is missing or not a sensible size.
std::size_t size_of(const json& config, const char* key) {
    const auto found = config.find(key);
    if (found == config.end() || !found->is_number_unsigned()) return 0;
    const auto size = found->get<std::size_t>();
    return size <= kSizeMax ? size : 0;
}

std::string text_of(const json& config, const char* key, const char* otherwise) {
    const auto found = config.find(key);
    return found != config.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

Result<void> check(const ModelConfig& model, const json& config) {
    if (text_of(config, "model_type", "bert") != "bert")
        return unsupported("model_type is not bert");
    if (text_of(config, "hidden_act", "gelu") != "gelu")
        return unsupported("hidden_act is not gelu");
    if (text_of(config, "position_embedding_type", "absolute") != "absolute") {
        return unsupported("positions are not absolute");
    }
    for (const std::size_t size :
         {model.hidden_size,
          model.layers,
          model.heads,
          model.intermediate_size,
          model.vocabulary_size,
          model.positions}) {
        if (size == 0) return unsupported("config.json lacks a size");
    }
    if (model.hidden_size % 8 != 0 || model.hidden_size % model.heads != 0) {
        return unsupported("hidden_size is no multiple of 8 and of the number of heads");
    }
    if (!(model.layer_norm_epsilon >= 0)) return unsupported("layer_norm_eps is negative");
    return {};
}

/// Without these files: the mean, as sentence-transformers has it.
Result<void> read_pooling(const std::filesystem::path& folder, ModelConfig& model) {
    if (const auto modules = read_json(folder / "modules.json")) {
        if (!modules->is_array()) return unsupported("modules.json is not a list");
        for (const json& module : *modules) {
            if (!module.is_object()) return unsupported("modules.json holds no modules");
            const std::string type = text_of(module, "type", "");
            if (!type.ends_with(".Transformer") && !type.ends_with(".Pooling") &&
                !type.ends_with(".Normalize")) {
                return unsupported("modules.json has a step other than pooling and normalising");
            }
        }
    }
    const auto pooling = read_json(folder / "1_Pooling" / "config.json");
    if (!pooling) return {};
    if (!pooling->is_object()) return unsupported("1_Pooling/config.json is not an object");
    bool mean = false, cls = false, other = false;
    for (const auto& [key, value] : pooling->items()) {
        if (!key.starts_with("pooling_mode_") || !value.is_boolean() || !value.get<bool>())
            continue;
        (key == "pooling_mode_mean_tokens" ? mean
         : key == "pooling_mode_cls_token" ? cls
                                           : other) = true;
    }
    if (other || mean == cls) return unsupported("pooling is neither the mean nor [CLS] alone");
    model.pooling = mean ? Pooling::mean : Pooling::cls;
    return {};
}

}  // namespace

Result<ModelConfig> read_model_config(const std::filesystem::path& folder) {
    const auto config = read_json(folder / "config.json");
    if (!config || !config->is_object()) {
        return fail(ErrorCode::invalid_argument, "the model folder has no readable config.json");
    }
    ModelConfig model;
    model.hidden_size = size_of(*config, "hidden_size");
    model.layers = size_of(*config, "num_hidden_layers");
    model.heads = size_of(*config, "num_attention_heads");
    model.intermediate_size = size_of(*config, "intermediate_size");
    model.vocabulary_size = size_of(*config, "vocab_size");
    model.positions = size_of(*config, "max_position_embeddings");
    const auto epsilon = config->find("layer_norm_eps");
    const bool given = epsilon != config->end() && epsilon->is_number();
    model.layer_norm_epsilon = given ? epsilon->get<float>() : 1e-12F;
    if (Result<void> checked = check(model, *config); !checked)
        return tl::unexpected(checked.error());
    if (Result<void> read = read_pooling(folder, model); !read) return tl::unexpected(read.error());
    return model;
}

}  // namespace rag::local
