#include "infrastructure/config.hpp"

#include "encoding/json_text.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {

using encoding::append_json_string;

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

}  // namespace rag
