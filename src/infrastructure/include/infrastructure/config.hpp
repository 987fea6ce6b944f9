#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "application/ports/telemetry.hpp"
#include "domain/chunk.hpp"
#include "domain/conversation.hpp"
#include "domain/limits.hpp"

namespace rag {

struct ServerConfig {
    std::string host;
    std::uint16_t port = 0;
    std::filesystem::path data_dir;
    LogLevel log_level = LogLevel::info;
    bool log_level_given = false;  // LOG_LEVEL was set, be it to its default.
    std::optional<std::filesystem::path> log_file;
    std::string environment;
    std::string app_title;
    bool use_new_architecture = true;
    std::size_t workers = 1;  // At least one; one a core where the key says 0.
    std::chrono::milliseconds drain_delay{};
    std::chrono::milliseconds request_timeout{};
    std::chrono::milliseconds ingest_timeout{};
};

struct DatabaseConfig {
    std::size_t pool_size = 1;
};

struct EmbeddingConfig {
    std::string provider;
    std::string model;
    std::optional<std::filesystem::path> model_path;
    std::optional<std::size_t> dimension;
};

struct SearchConfig {
    std::size_t default_top_k = limits::kTopKDefault;
    std::string default_timezone = "UTC";
    std::string text_language;
};

struct SecurityConfig {
    std::vector<std::string> allowed_origins;
    std::vector<std::string> allowed_hosts;
    std::chrono::milliseconds header_timeout{};
    std::size_t connections_max = 0;
    std::size_t inflight_bytes_max = 0;
    std::size_t body_bytes_max = 0;
    std::size_t header_bytes_max = 0;
};

struct Config {
    ServerConfig server;
    DatabaseConfig database;
    EmbeddingConfig embedding;
    ChunkingLimits chunking;
    SearchConfig search;
    SecurityConfig security;
    ConversationLimits limits{};
};

/// What is wrong with a configuration, and where.
struct ConfigProblem {
    std::string where;  // ".env:3", "environment", "MCPB_PORT", "--port", or the file alone.
    std::string key;    // Empty: no key is concerned.
    std::string message;
    std::string nearest;      // The valid key that was probably meant, if `key` is none.
    bool unreadable = false;  // There is no such file.
};

/// ".env:3: DB_POOL_SIZ: unknown key; did you mean DB_POOL_SIZE?"
std::string to_string(const ConfigProblem& problem);

/// {"valid":false,"problems":[{"where":"…","key":"…","message":"…","nearest":"…"}]}
std::string problems_json(const std::vector<ConfigProblem>& problems);

/// Where values come from: flags win over the environment, the environment over the file. An empty
/// value is an absent one. MCPB_KEY is read everywhere, and in one place it wins over KEY.
struct ConfigSources {
    std::vector<std::pair<std::string, std::string>> flags;  // Key name, value.
    std::function<const char*(const char*)> environment;     // As std::getenv; null: none.
    std::optional<std::filesystem::path> env_file;
    /// KEY is read from the environment too (`reads_plain_names`). Without it only MCPB_KEY is, and
    /// KEY where the table says so.
    bool plain_names = true;
    /// Whether a store of ours lies in a folder; null: it never does.
    std::function<bool(const std::filesystem::path&)> holds_store = {};
    /// The names of all variables of the environment, to tell a MCPB_ name that is none of ours.
    std::function<std::vector<std::string>()> variable_names = {};
    /// What is wrong with the name of a time zone; "": nothing. Null: any is taken.
    std::function<std::string(std::string_view)> time_zone_problem = {};
};

/// A variable that is set and not read.
struct UnreadVariable {
    std::string name;
    std::string why;
};

struct ConfigValue {
    std::string value;
    std::string where;  // As in `ConfigProblem`; `kDefault` if no source has it.
    /// It came by a plain name, which only some commands read.
    bool left_unread_by_others = false;
    std::vector<UnreadVariable> unread = {};
    static constexpr std::string_view kDefault = "default";
};

/// The value of every key of the table, by name.
using ConfigValues = std::map<std::string, ConfigValue, std::less<>>;

struct ReadConfig {
    ConfigValues values;
    std::vector<std::string> warnings;  // For stderr: nothing is wrong, but it may surprise.
};

/// Reads and checks all keys. The error holds every problem found, not only the first.
tl::expected<ReadConfig, std::vector<ConfigProblem>> read_config(const ConfigSources& sources);

/// The same values with their types. `environment`: for HOME and XDG_DATA_HOME.
Config make_config(
    const ConfigValues& values, const std::function<const char*(const char*)>& environment
);

/// What `config show` prints: "KEY=value", where it comes from, secrets masked, and what is set but
/// not read, by this command or by others.
std::string show_config(const ConfigValues& values);
std::string show_config_json(const ConfigValues& values);

/// What `config check` prints of a valid configuration.
std::string check_config(const ConfigValues& values);
std::string check_config_json(const ConfigValues& values);

}  // namespace rag
