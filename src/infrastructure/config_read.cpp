#include <fstream>
#include <set>
#include <sstream>

#include "config_value.hpp"
#include "env_file.hpp"
#include "infrastructure/config.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

constexpr std::streamoff kEnvFileBytesMax = 1 << 20;
constexpr std::string_view kEnvironment = "environment";
constexpr std::string_view kBuiltInModel = "all-MiniLM-L6-v2";
constexpr std::string_view kBuiltInDimension = "384";

class Reader {
public:
    explicit Reader(const ConfigSources& sources) : sources_(sources) {}

    tl::expected<ConfigValues, std::vector<ConfigProblem>> run() {
        if (sources_.env_file) read_file(*sources_.env_file);
        if (sources_.environment) read_environment();
        for (const auto& [name, value] : sources_.flags) {
            if (!value.empty()) raw_[name] = ConfigValue{value, flag_of(name)};
        }
        for (const ConfigKey& key : config_keys()) check_key(key);
        place_data_dir();
        check_together();
        if (!problems_.empty()) return tl::unexpected(std::move(problems_));
        return std::move(values_);
    }

private:
    static std::string flag_of(std::string_view name) {
        std::string flag = "--";
        for (const char c : name) {
            flag += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        return flag;
    }

    void problem(std::string where, std::string_view key, std::string message) {
        problems_.push_back({std::move(where), std::string(key), std::move(message), {}, false});
    }

    void read_file(const std::filesystem::path& path) {
        const std::string name = path.filename().string();
        std::ifstream file(path, std::ios::binary);
        std::error_code failed;
        if (!file || std::filesystem::is_directory(path, failed)) {
            problems_.push_back({name, {}, "the file cannot be read", {}, true});
            return;
        }
        std::string text(static_cast<std::size_t>(kEnvFileBytesMax) + 1, '\0');
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(file.gcount()));
        if (text.size() > static_cast<std::size_t>(kEnvFileBytesMax)) {
            return problem(name, {}, "the file is larger than 1 MiB");
        }
        if (text.starts_with("\xEF\xBB\xBF")) {
            return problem(name + ":1", {}, "the file begins with a byte order mark; remove it");
        }
        std::set<std::string, std::less<>> seen;
        for (const EnvLine& line : parse_env_file(text)) read_line(name, line, seen);
    }

    void read_line(
        const std::string& file, const EnvLine& line, std::set<std::string, std::less<>>& seen
    ) {
        const std::string where = file + ":" + std::to_string(line.line);
        if (!line.problem.empty()) return problem(where, line.name, line.problem);
        if (find_config_key(line.name) == nullptr) {
            const std::string nearest(nearest_config_key(line.name).name);
            problems_.push_back(
                {where, line.name, "unknown key; did you mean " + nearest + "?", nearest, false}
            );
            return;
        }
        if (!seen.insert(line.name).second) {
            return problem(where, line.name, "the key is given twice in this file");
        }
        if (!line.value.empty()) raw_[line.name] = ConfigValue{line.value, where};
    }

    void read_environment() {
        for (const ConfigKey& key : config_keys()) {
            const char* value = sources_.environment(std::string(key.name).c_str());
            if (value != nullptr && *value != '\0') {
                raw_[std::string(key.name)] = ConfigValue{value, std::string(kEnvironment)};
            }
        }
    }

    void check_key(const ConfigKey& key) {
        ConfigValue& value = values_[std::string(key.name)];
        value = ConfigValue{std::string(key.fallback), std::string(ConfigValue::kDefault)};
        const auto given = raw_.find(key.name);
        if (given == raw_.end() || is_for_others(key, given->second)) return;
        tl::expected<std::string, std::string> canonical =
            canonical_value(key, given->second.value);
        if (!canonical) return problem(given->second.where, key.name, canonical.error());
        value = ConfigValue{std::move(*canonical), given->second.where};
    }

    /// EMBEDDING_PROVIDER stands before its keys in the table, so it has been read.
    bool is_for_others(const ConfigKey& key, const ConfigValue& given) {
        return key.read_by_others && given.where == kEnvironment &&
               value("EMBEDDING_PROVIDER") == "local";
    }

    void place_data_dir() {
        ConfigValue& dir = values_["DATA_DIR"];
        if (!dir.value.empty() || !sources_.environment) return;
        const auto absolute = [this](const char* name) -> std::string {
            const char* value = sources_.environment(name);
            return value != nullptr && *value == '/' ? value : "";
        };
        const std::string data = absolute("XDG_DATA_HOME");
        const std::string home = absolute("HOME");
        if (data.empty() && home.empty()) {
            return problem(
                std::string(kEnvironment), "DATA_DIR", "there is no HOME to put it into; set it"
            );
        }
        dir.value = (data.empty() ? home + "/.local/share" : data) + "/mcp-backend";
    }

    void check_together() {
        for (const ConfigOrder& order : config_orders()) {
            if (integer_of(value(order.smaller)) <= integer_of(value(order.larger))) continue;
            blame(
                order.smaller,
                value(order.smaller) + " is larger than " + std::string(order.larger) + " (" +
                    value(order.larger) + ")"
            );
        }
        if (2 * integer_of(value("CHUNK_OVERLAP_CHARS")) > integer_of(value("CHUNK_MAX_CHARS"))) {
            blame(
                "CHUNK_OVERLAP_CHARS",
                value("CHUNK_OVERLAP_CHARS") + " is more than half of CHUNK_MAX_CHARS (" +
                    value("CHUNK_MAX_CHARS") + ")"
            );
        }
        if (!is_loopback(value("HOST")) && value("AUTH_MODE") == "none" &&
            value("ALLOW_INSECURE_BIND") != "true") {
            blame(
                "HOST",
                "other machines can reach this address and AUTH_MODE is none; use 127.0.0.1, or "
                "set ALLOW_INSECURE_BIND=true where something in front keeps strangers out"
            );
        }
        check_model();
    }

    void check_model() {
        const bool own_model = !value("EMBEDDING_MODEL_PATH").empty();
        if (!own_model && value("EMBEDDING_MODEL") != kBuiltInModel) {
            blame(
                "EMBEDDING_MODEL",
                "only " + std::string(kBuiltInModel) +
                    " is built in; name the folder of another model by "
                    "EMBEDDING_MODEL_PATH"
            );
        }
        const std::string& dimension = value("EMBEDDING_DIMENSION");
        if (dimension.empty()) return;
        if (own_model) {
            blame(
                "EMBEDDING_DIMENSION", "the folder of EMBEDDING_MODEL_PATH says it; remove the key"
            );
        } else if (dimension != kBuiltInDimension) {
            blame(
                "EMBEDDING_DIMENSION",
                std::string(kBuiltInModel) + " has " + std::string(kBuiltInDimension)
            );
        }
    }

    const std::string& value(std::string_view key) { return values_.find(key)->second.value; }

    void blame(std::string_view key, std::string message) {
        problem(values_.find(key)->second.where, key, std::move(message));
    }

    const ConfigSources& sources_;
    ConfigValues raw_;
    ConfigValues values_;
    std::vector<ConfigProblem> problems_;
};

}  // namespace

tl::expected<ConfigValues, std::vector<ConfigProblem>> read_config(const ConfigSources& sources) {
    return Reader(sources).run();
}

}  // namespace rag
