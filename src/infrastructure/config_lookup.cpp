#include <algorithm>
#include <string>
#include <vector>

#include "infrastructure/config_table.hpp"
#include "infrastructure/nearest_name.hpp"

namespace rag {

const ConfigKey* find_config_key(std::string_view name) {
    const auto found = std::ranges::find(config_keys(), name, &ConfigKey::name);
    return found == config_keys().end() ? nullptr : &*found;
}

const ConfigKey& nearest_config_key(std::string_view name) {
    std::vector<std::string> names;
    for (const ConfigKey& key : config_keys()) names.emplace_back(key.name);
    return config_keys()[nearest_name(name, names)];
}

std::string_view name_of(ConfigType type) {
    switch (type) {
        case ConfigType::text:
            return "text";
        case ConfigType::boolean:
            return "boolean";
        case ConfigType::integer:
            return "integer";
        case ConfigType::seconds:
            return "seconds";
        case ConfigType::choice:
            return "choice";
        case ConfigType::path:
            return "path";
        case ConfigType::list:
            return "list";
        case ConfigType::url:
            return "url";
    }
    return "";
}

std::string_view name_of(Refuse refuse) {
    switch (refuse) {
        case Refuse::nothing:
            return "nothing";
        case Refuse::any_value:
            return "any_value";
        case Refuse::all_but_default:
            return "all_but_default";
    }
    return "";
}

}  // namespace rag
