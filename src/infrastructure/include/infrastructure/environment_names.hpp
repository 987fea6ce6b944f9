#pragma once

#include <span>
#include <string>
#include <string_view>

/// By which names a command finds the keys of the configuration table in its environment. Other
/// programs set DATABASE_URL, HOST or LOG_LEVEL for themselves; where people type and assistants
/// start us, these must neither stop us nor send us into somebody else's database.
namespace rag {

/// MCPB_PORT is PORT under a name that is ours alone. Every command reads it, and it wins over the
/// plain name. (MCP_BACKEND_ would not do: Kubernetes sets MCP_BACKEND_PORT=tcp://... in the pods
/// beside a service of that name.)
inline constexpr std::string_view kOwnPrefix = "MCPB_";
/// Set to true, as in an image that holds nothing but us: every command reads plain names too.
inline constexpr std::string_view kPlainNamesSwitch = "MCPB_PLAIN_NAMES";

struct CommandNames {
    std::string_view command;  // "serve", "config show", ...
    bool plain = false;        // It reads plain names too, as operators set them.
};

/// Every command that reads the configuration.
std::span<const CommandNames> command_names();

/// "`mcp`, `search` and `list`": the commands that do, or do not, read plain names.
std::string commands_that_read_plain_names(bool plain);

/// A command that is not in the list reads its own names alone.
bool reads_plain_names(std::string_view command);

std::string own_name(std::string_view key);
/// "PORT" of "MCPB_PORT"; any other name as it is.
std::string_view key_name(std::string_view name);

}  // namespace rag
