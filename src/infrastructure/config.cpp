#include "infrastructure/config.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include "config_value.hpp"
#include "encoding/json_text.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

using encoding::append_json_string;

constexpr std::string_view kMask = "********";

/// Reads canonical values, which have been checked.
class Values {
public:
    Values(const ConfigValues& values, const std::function<const char*(const char*)>& environment)
        : values_(values) {
        const char* home = environment ? environment("HOME") : nullptr;
        if (home != nullptr) home_ = home;
    }

    std::string text(std::string_view key) const { return values_.find(key)->second.value; }
    bool is_given(std::string_view key) const {
        return values_.find(key)->second.where != ConfigValue::kDefault;
    }
    bool flag(std::string_view key) const { return text(key) == "true"; }
    std::size_t size(std::string_view key) const {
        return static_cast<std::size_t>(integer_of(text(key)));
    }
    std::chrono::milliseconds time(std::string_view key) const {
        return std::chrono::milliseconds(milliseconds_of(text(key)));
    }

    std::optional<std::filesystem::path> path(std::string_view key) const {
        const std::string value = text(key);
        if (value.empty()) return std::nullopt;
        if (value.starts_with("~/") && !home_.empty()) return home_ + value.substr(1);
        return value;
    }

    std::vector<std::string> list(std::string_view key) const {
        std::vector<std::string> parts;
        const std::string whole = text(key);
        for (std::string_view rest = whole; !rest.empty();) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            std::string_view part = rest.substr(0, comma);
            while (part.starts_with(' ')) part.remove_prefix(1);
            while (part.ends_with(' ')) part.remove_suffix(1);
            if (!part.empty()) parts.emplace_back(part);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
        return parts;
    }

private:
    const ConfigValues& values_;
    std::string home_;
};

LogLevel log_level(std::string_view name) {
    constexpr std::array<std::string_view, 5> kNames = {
        "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"};
    const auto* found = std::ranges::find(kNames, name);
    return static_cast<LogLevel>(found - kNames.begin());
}

ServerConfig server_config(const Values& values) {
    ServerConfig server;
    server.host = values.text("HOST");
    server.port = static_cast<std::uint16_t>(values.size("PORT"));
    server.data_dir = values.path("DATA_DIR").value_or(std::filesystem::path());
    server.log_level = log_level(values.text("LOG_LEVEL"));
    server.log_level_given = values.is_given("LOG_LEVEL");
    server.log_file = values.path("LOG_FILE");
    server.environment = values.text("ENVIRONMENT");
    server.app_title = values.text("APP_TITLE");
    server.use_new_architecture = values.flag("USE_NEW_ARCHITECTURE");
    server.workers = values.size("WORKERS");
    if (server.workers == 0) server.workers = std::max(1u, std::thread::hardware_concurrency());
    server.drain_delay = values.time("DRAIN_DELAY");
    server.request_timeout = values.time("REQUEST_TIMEOUT");
    server.ingest_timeout = values.time("INGEST_TIMEOUT");
    return server;
}

EmbeddingConfig embedding_config(const Values& values) {
    EmbeddingConfig embedding;
    embedding.provider = values.text("EMBEDDING_PROVIDER");
    embedding.model = values.text("EMBEDDING_MODEL");
    embedding.model_path = values.path("EMBEDDING_MODEL_PATH");
    if (!values.text("EMBEDDING_DIMENSION").empty()) {
        embedding.dimension = values.size("EMBEDDING_DIMENSION");
    }
    return embedding;
}

SecurityConfig security_config(const Values& values) {
    SecurityConfig security;
    security.allowed_origins = values.list("ALLOWED_ORIGINS");
    security.allowed_hosts = values.list("ALLOWED_HOSTS");
    security.header_timeout = values.time("HEADER_TIMEOUT");
    security.connections_max = values.size("MAX_CONNECTIONS");
    security.inflight_bytes_max = values.size("MAX_INFLIGHT_BYTES");
    security.body_bytes_max = values.size("MAX_BODY_BYTES");
    security.header_bytes_max = values.size("MAX_HEADER_BYTES");
    return security;
}

/// Secrets masked; an absent one shows as absent.
std::string_view masked(std::string_view name, const std::string& value) {
    return find_config_key(name)->secret && !value.empty() ? kMask : std::string_view(value);
}

}  // namespace

Config make_config(
    const ConfigValues& all, const std::function<const char*(const char*)>& environment
) {
    const Values values(all, environment);
    Config config;
    config.server = server_config(values);
    config.database.pool_size = values.size("DB_POOL_SIZE");
    config.embedding = embedding_config(values);
    config.chunking.characters_max = values.size("CHUNK_MAX_CHARS");
    config.chunking.overlap_characters = values.size("CHUNK_OVERLAP_CHARS");
    config.search.default_top_k = values.size("VECTOR_SEARCH_TOP_K");
    config.search.text_language = values.text("TEXT_LANGUAGE");
    config.security = security_config(values);
    config.limits.messages_max = values.size("MAX_MESSAGES");
    config.limits.message_bytes_max = values.size("MAX_MESSAGE_BYTES");
    config.limits.name_characters_max = values.size("MAX_NAME_CHARS");
    config.limits.url_characters_max = values.size("MAX_URL_CHARS");
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
