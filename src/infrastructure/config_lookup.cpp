#include <algorithm>
#include <numeric>
#include <vector>

#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

const ConfigKey* find_config_key(std::string_view name) {
    const auto found = std::ranges::find(config_keys(), name, &ConfigKey::name);
    return found == config_keys().end() ? nullptr : &*found;
}

const ConfigKey& nearest_config_key(std::string_view name) {
    const std::string_view compared = name.substr(0, 64);  // No key is longer.
    return *std::ranges::min_element(config_keys(), {}, [compared](const ConfigKey& key) {
        return edit_distance(compared, key.name);
    });
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
