#include "tiny_model.hpp"

#include <stdlib.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace rag::test {
namespace {

constexpr std::size_t kVocabulary = 16;

std::string layer_name(std::size_t index) { return "encoder.layer." + std::to_string(index) + "."; }

}  // namespace

TinyModel::TinyModel(const TinyShape& shape, const std::string& name) : shape_(shape) {
    std::string made = (std::filesystem::temp_directory_path() / "tiny_model_XXXXXX").string();
    if (mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
    parent_ = made;
    folder_ = parent_ / name;
    std::filesystem::create_directories(folder_ / "1_Pooling");

    const std::size_t hidden = shape.hidden, wide = shape.intermediate;
    add("embeddings.word_embeddings.weight", {kVocabulary, hidden}, 1, 0);
    add("embeddings.position_embeddings.weight", {shape.positions, hidden}, 0.5, 0);
    add("embeddings.token_type_embeddings.weight", {2, hidden}, 0.5, 0);
    const auto add_norm = [&](const std::string& norm) {
        add(norm + ".weight", {hidden}, 0.2, 1);
        add(norm + ".bias", {hidden}, 0.2, 0);
    };
    const auto add_linear = [&](const std::string& linear, std::size_t outputs, std::size_t inputs
                            ) {
        add(linear + ".weight", {outputs, inputs}, 0.3, 0);
        add(linear + ".bias", {outputs}, 0.3, 0);
    };
    add_norm("embeddings.LayerNorm");
    for (std::size_t i = 0; i < shape.layers; ++i) {
        const std::string layer = layer_name(i);
        for (const char* part : {"query", "key", "value"}) {
            add_linear(layer + "attention.self." + part, hidden, hidden);
        }
        add_linear(layer + "attention.output.dense", hidden, hidden);
        add_norm(layer + "attention.output.LayerNorm");
        add_linear(layer + "intermediate.dense", wide, hidden);
        add_linear(layer + "output.dense", hidden, wide);
        add_norm(layer + "output.LayerNorm");
    }
    write_weights();
    write(
        "vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nw0\nw1\nw2\nw3\nw4\nw5\nw6\nw7\nw8\nw9\nthe\n?\n"
    );
    const nlohmann::json config = {
        {"hidden_size", hidden},
        {"num_attention_heads", shape.heads},
        {"intermediate_size", wide},
        {"num_hidden_layers", shape.layers},
        {"max_position_embeddings", shape.positions},
        {"vocab_size", kVocabulary},
        {"layer_norm_eps", 1e-12},
        {"hidden_act", "gelu"},
        {"model_type", "bert"}};
    write("config.json", config.dump());
    write("sentence_bert_config.json", nlohmann::json{{"max_seq_length", shape.max_tokens}}.dump());
    write("1_Pooling/config.json", R"({"pooling_mode_mean_tokens": true})");
}

TinyModel::~TinyModel() { std::filesystem::remove_all(parent_); }

void TinyModel::write(const std::string& file, const std::string& bytes) const {
    std::ofstream(folder_ / file, std::ios::binary) << bytes;
}

std::string TinyModel::read(const std::string& file) const {
    std::ifstream stream(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void TinyModel::add(
    const std::string& name, std::vector<std::size_t> shape, double scale, double offset
) {
    std::size_t count = 1;
    for (const std::size_t size : shape) count *= size;
    std::vector<float> values(count);
    std::uint32_t state = static_cast<std::uint32_t>(tensors_.size()) * 2654435761U + 1;
    for (float& value : values) {
        state = state * 1664525U + 1013904223U;
        const double unit = static_cast<double>(state >> 8) / (1 << 23) - 1;
        value = static_cast<float>(unit * scale + offset);
    }
    tensors_[name] = {std::move(shape), std::move(values)};
}

void TinyModel::write_weights() const {
    nlohmann::json header;
    std::string data;
    for (const auto& [name, entry] : tensors_) {
        const std::size_t begin = data.size();
        data.append(
            reinterpret_cast<const char*>(entry.values.data()), entry.values.size() * sizeof(float)
        );
        header[shape_.prefix + name] = {
            {"dtype", "F32"}, {"shape", entry.shape}, {"data_offsets", {begin, data.size()}}};
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::string bytes(sizeof(length), '\0');
    std::memcpy(bytes.data(), &length, sizeof(length));
    write("model.safetensors", bytes + text + data);
}

const std::vector<float>& TinyModel::weight(const std::string& name) const {
    return tensors_.at(name).values;
}

std::vector<double> TinyModel::linear(const std::vector<double>& rows, const std::string& name)
    const {
    const std::vector<float>&weights = weight(name + ".weight"), &bias = weight(name + ".bias");
    const std::size_t outputs = bias.size(), inputs = weights.size() / outputs;
    std::vector<double> result;
    for (std::size_t row = 0; row < rows.size(); row += inputs) {
        for (std::size_t column = 0; column < outputs; ++column) {
            double sum = static_cast<double>(bias[column]);
            for (std::size_t k = 0; k < inputs; ++k) {
                sum += rows[row + k] * static_cast<double>(weights[column * inputs + k]);
            }
            result.push_back(sum);
        }
    }
    return result;
}

void TinyModel::add_and_norm(
    std::vector<double>& rows, const std::vector<double>& addend, const std::string& name
) const {
    const std::vector<float>&scale = weight(name + ".weight"), &shift = weight(name + ".bias");
    const std::size_t hidden = shape_.hidden;
    for (std::size_t row = 0; row < rows.size(); row += hidden) {
        double mean = 0, variance = 0;
        for (std::size_t i = 0; i < hidden; ++i) mean += rows[row + i] += addend[row + i];
        mean /= static_cast<double>(hidden);
        for (std::size_t i = 0; i < hidden; ++i) variance += std::pow(rows[row + i] - mean, 2);
        variance /= static_cast<double>(hidden);
        for (std::size_t i = 0; i < hidden; ++i) {
            const double unit = (rows[row + i] - mean) / std::sqrt(variance + 1e-12);
            rows[row + i] = unit * static_cast<double>(scale[i]) + static_cast<double>(shift[i]);
        }
    }
}

std::vector<double> TinyModel::attention(const std::vector<double>& rows, const std::string& layer)
    const {
    const std::size_t hidden = shape_.hidden, size = hidden / shape_.heads;
    const std::size_t tokens = rows.size() / hidden;
    const std::vector<double> query = linear(rows, layer + "attention.self.query");
    const std::vector<double> key = linear(rows, layer + "attention.self.key");
    const std::vector<double> value = linear(rows, layer + "attention.self.value");
    std::vector<double> mixed(rows.size());
    for (std::size_t head = 0; head < hidden; head += size) {
        for (std::size_t token = 0; token < tokens; ++token) {
            std::vector<double> shares(tokens);
            double sum = 0;
            for (std::size_t other = 0; other < tokens; ++other) {
                double dot = 0;
                for (std::size_t k = head; k < head + size; ++k) {
                    dot += query[token * hidden + k] * key[other * hidden + k];
                }
                sum += shares[other] = std::exp(dot / std::sqrt(static_cast<double>(size)));
            }
            for (std::size_t other = 0; other < tokens; ++other) {
                for (std::size_t k = head; k < head + size; ++k) {
                    mixed[token * hidden + k] += shares[other] / sum * value[other * hidden + k];
                }
            }
        }
    }
    return linear(mixed, layer + "attention.output.dense");
}

std::vector<double> TinyModel::states(const std::vector<std::int32_t>& ids) const {
    const std::size_t hidden = shape_.hidden;
    std::vector<double> rows(ids.size() * hidden), rest(rows.size());
    for (std::size_t place = 0; place < rows.size(); ++place) {
        const std::size_t token = place / hidden, column = place % hidden;
        const auto id = static_cast<std::size_t>(ids[token]);
        rows[place] =
            static_cast<double>(weight("embeddings.word_embeddings.weight")[id * hidden + column]);
        rest[place] =
            static_cast<double>(weight("embeddings.position_embeddings.weight")[place]) +
            static_cast<double>(weight("embeddings.token_type_embeddings.weight")[column]);
    }
    add_and_norm(rows, rest, "embeddings.LayerNorm");
    for (std::size_t i = 0; i < shape_.layers; ++i) {
        const std::string layer = layer_name(i);
        add_and_norm(rows, attention(rows, layer), layer + "attention.output.LayerNorm");
        std::vector<double> inner = linear(rows, layer + "intermediate.dense");
        for (double& x : inner) x = x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
        add_and_norm(rows, linear(inner, layer + "output.dense"), layer + "output.LayerNorm");
    }
    return rows;
}

std::vector<double> TinyModel::sentence(const std::vector<std::int32_t>& ids) const {
    const std::vector<double> rows = states(ids);
    std::vector<double> vector(shape_.hidden);
    for (std::size_t place = 0; place < rows.size(); ++place)
        vector[place % shape_.hidden] += rows[place];
    double length = 0;
    for (const double value : vector) length += value * value;
    for (double& value : vector) value /= std::sqrt(length);
    return vector;
}

}  // namespace rag::test
