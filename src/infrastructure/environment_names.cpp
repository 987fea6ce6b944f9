#include "infrastructure/environment_names.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace rag {
namespace {

/// `config` shows what `serve` would read.
constexpr std::array kCommands = {
    CommandNames{"serve", true},
    CommandNames{"migrate", true},
    CommandNames{"verify", true},
    CommandNames{"config check", true},
    CommandNames{"config show", true},
    CommandNames{"mcp", false},
    CommandNames{"search", false},
    CommandNames{"ingest", false},
    CommandNames{"list", false},
    CommandNames{"show", false},
    CommandNames{"delete", false},
    CommandNames{"eval", false},
    CommandNames{"healthcheck", false},
};

}  // namespace

std::span<const CommandNames> command_names() { return kCommands; }

std::string commands_that_read_plain_names(bool plain) {
    std::vector<std::string_view> names;
    for (const CommandNames& each : kCommands) {
        if (each.plain == plain) names.push_back(each.command);
    }
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
        text += "`" + std::string(names[i]) + "`";
    }
    return text;
}

bool reads_plain_names(std::string_view command) {
    const auto found = std::ranges::find(kCommands, command, &CommandNames::command);
    return found != kCommands.end() && found->plain;
}

std::string own_name(std::string_view key) { return std::string(kOwnPrefix) + std::string(key); }

std::string_view key_name(std::string_view name) {
    return name.starts_with(kOwnPrefix) ? name.substr(kOwnPrefix.size()) : name;
}

}  // namespace rag
