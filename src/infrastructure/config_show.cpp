#include <algorithm>
#include <utility>

#include "encoding/json_text.hpp"
#include "infrastructure/config.hpp"
#include "infrastructure/config_table.hpp"
#include "infrastructure/environment_names.hpp"

namespace rag {
namespace {

using encoding::append_json_string;

constexpr std::string_view kMask = "********";
constexpr std::size_t kSourceColumn = 48;

/// Secrets masked; an absent one shows as absent.
std::string_view masked(std::string_view name, const std::string& value) {
    return find_config_key(name)->secret && !value.empty() ? kMask : std::string_view(value);
}

std::string mark(const ConfigValue& value) { return value.left_unread_by_others ? " (*)" : ""; }

/// What is set but not read; the lines begin with "# ", as all that is no "KEY=value".
std::string notes(const ConfigValues& values) {
    std::string text;
    for (const ConfigKey& key : config_keys()) {
        for (const UnreadVariable& unread : values.find(key.name)->second.unread) {
            text += "# not read: " + unread.name + ": " + unread.why + "\n";
        }
    }
    const bool marked = std::ranges::any_of(values, [](const auto& each) {
        return each.second.left_unread_by_others;
    });
    if (!marked) return text;
    return text + "# (*) " + commands_that_read_plain_names(false) +
           " leave this name unread: it is other programs' too. They read " +
           std::string(kOwnPrefix) + "KEY, --env-file and flags.\n";
}

void append_unread(std::string& json, const ConfigValues& values) {
    json += R"("unread":[)";
    bool first = true;
    for (const ConfigKey& key : config_keys()) {
        for (const UnreadVariable& unread : values.find(key.name)->second.unread) {
            json += std::exchange(first, false) ? R"({"name":)" : R"(,{"name":)";
            append_json_string(json, unread.name);
            json += R"(,"why":)";
            append_json_string(json, unread.why);
            json += '}';
        }
    }
    json += R"(],"left_unread_by_others":[)";
    first = true;
    for (const ConfigKey& key : config_keys()) {
        if (!values.find(key.name)->second.left_unread_by_others) continue;
        if (!std::exchange(first, false)) json += ',';
        append_json_string(json, key.name);
    }
    json += ']';
}

}  // namespace

std::string show_config(const ConfigValues& values) {
    std::string text;
    for (const ConfigKey& key : config_keys()) {
        const ConfigValue& value = values.find(key.name)->second;
        std::string line = std::string(key.name) + "=" + std::string(masked(key.name, value.value));
        line.resize(std::max(line.size(), kSourceColumn), ' ');
        text += line + "  # " + value.where + mark(value) + "\n";
    }
    return text + notes(values);
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
        if (value.left_unread_by_others) json += R"(,"left_unread_by_others":true)";
        if (!value.unread.empty()) {
            json += R"(,"not_read":)";
            append_json_string(json, value.unread.front().name + ": " + value.unread.front().why);
        }
        json += '}';
    }
    return json + "}";
}

std::string check_config(const ConfigValues& values) {
    std::string text = "the configuration is valid\n";
    for (const ConfigKey& key : config_keys()) {
        const ConfigValue& value = values.find(key.name)->second;
        if (value.left_unread_by_others) {
            text += "# " + std::string(key.name) + " comes from the environment (*)\n";
        }
    }
    return text + notes(values);
}

std::string check_config_json(const ConfigValues& values) {
    std::string json = R"({"valid":true,"problems":[],)";
    append_unread(json, values);
    return json + "}";
}

}  // namespace rag
