#include "infrastructure/config.hpp"

#include <algorithm>

#include "encoding/json_text.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

using encoding::append_json_string;

constexpr std::string_view kMask = "********";

/// Secrets masked; an absent one shows as absent.
std::string_view masked(std::string_view name, const std::string& value) {
    return find_config_key(name)->secret && !value.empty() ? kMask : std::string_view(value);
}

}  // namespace

Config make_config(
    const ConfigValues& values, const std::function<const char*(const char*)>& environment
) {
    const char* home = environment ? environment("HOME") : nullptr;
    Config config;
    for (const ConfigKey& key : config_keys()) {
        if (key.fills == nullptr) continue;
        const ConfigValue& value = values.find(key.name)->second;
        key.fills(
            config,
            {.text = value.value,
             .given = value.where != ConfigValue::kDefault,
             .home = home == nullptr ? std::string_view() : home}
        );
    }
    return config;
}

std::string to_string(const ConfigProblem& problem) {
    std::string line = problem.where + ": ";
    if (!problem.key.empty()) line += problem.key + ": ";
    return line + problem.message;
}

std::string problems_json(const std::vector<ConfigProblem>& problems) {
    std::string json =
        problems.empty() ? R"({"valid":true,"problems":[)" : R"({"valid":false,"problems":[)";
    for (const ConfigProblem& problem : problems) {
        if (&problem != problems.data()) json += ',';
        json += R"({"where":)";
        append_json_string(json, problem.where);
        json += R"(,"key":)";
        append_json_string(json, problem.key);
        json += R"(,"message":)";
        append_json_string(json, problem.message);
        json += R"(,"nearest":)";
        append_json_string(json, problem.nearest);
        json += '}';
    }
    return json + "]}";
}

std::string show_config(const ConfigValues& values) {
    std::string text;
    for (const ConfigKey& key : config_keys()) {
        const ConfigValue& value = values.find(key.name)->second;
        std::string line = std::string(key.name) + "=" + std::string(masked(key.name, value.value));
        line.resize(std::max<std::size_t>(line.size(), 48), ' ');
        text += line + "  # " + value.where + "\n";
    }
    return text;
}

std::string show_config_json(const ConfigValues& values) {
    std::string json = "{";
    for (const ConfigKey& key : config_keys()) {
        const ConfigValue& value = values.find(key.name)->second;
        if (json.size() > 1) json += ',';
        append_json_string(json, key.name);
        json += R"(:{"value":)";
        append_json_string(json, masked(key.name, value.value));
        json += R"(,"from":)";
        append_json_string(json, value.where);
        json += '}';
    }
    return json + "}";
}

}  // namespace rag
