#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "config_member.hpp"
#include "config_value.hpp"
#include "env_file.hpp"
#include "infrastructure/config.hpp"
#include "infrastructure/config_table.hpp"
#include "infrastructure/environment_names.hpp"

namespace rag {
namespace {

constexpr std::streamoff kEnvFileBytesMax = 1 << 20;
constexpr std::string_view kEnvironment = "environment";
constexpr std::string_view kBuiltInModel = "all-MiniLM-L6-v2";
constexpr std::string_view kBuiltInDimension = "384";

class Reader {
public:
    explicit Reader(const ConfigSources& sources) : sources_(sources) {}

    tl::expected<ReadConfig, std::vector<ConfigProblem>> run() {
        if (sources_.env_file) read_file(*sources_.env_file);
        if (sources_.environment) read_environment();
        if (sources_.variable_names) check_own_names();
        for (const auto& [name, value] : sources_.flags) {
            if (!value.empty()) raw_[name] = ConfigValue{value, flag_of(name)};
        }
        for (const ConfigKey& key : config_keys()) check_key(key);
        place_data_dir();
        check_together();
        if (!problems_.empty()) return tl::unexpected(std::move(problems_));
        return ReadConfig{std::move(values_), std::move(warnings_)};
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
        const std::string name = path.string();  // As it was typed.
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
        const std::string key(key_name(line.name));
        const bool is_switch = line.name == kPlainNamesSwitch;
        if (!is_switch && find_config_key(key) == nullptr) return unknown(where, line.name);
        if (!seen.insert(line.name).second) {
            return problem(where, line.name, "the key is given twice in this file");
        }
        if (line.value.empty()) return;
        if (is_switch) {
            plain_names_switch_ = ConfigValue{line.value, where};
            return;
        }
        const bool own = key != line.name;
        const auto other = raw_.find(key);
        const bool outvoted = !own && other != raw_.end();
        if (other != raw_.end()) {
            unread_[key].push_back(
                {key + " (" + (own ? other->second.where : where) + ")",
                 own_name(key) + " wins over it"}
            );
        }
        if (!outvoted) raw_[key] = ConfigValue{line.value, where};
    }

    void unknown(const std::string& where, const std::string& name) {
        const std::string nearest = nearest_name(name);
        problems_.push_back({where, name, "unknown key; " + meant(nearest), nearest, false});
    }

    static std::string meant(const std::string& nearest) { return "did you mean " + nearest + "?"; }

    static std::string nearest_name(std::string_view name) {
        const std::string nearest(nearest_config_key(key_name(name)).name);
        return name.starts_with(kOwnPrefix) ? own_name(nearest) : nearest;
    }

    const char* variable(const std::string& name) const {
        const char* value = sources_.environment(name.c_str());
        return value == nullptr || *value == '\0' ? nullptr : value;
    }

    void read_environment() {
        if (const char* value = variable(std::string(kPlainNamesSwitch))) {
            plain_names_switch_ = ConfigValue{value, std::string(kEnvironment)};
        }
        const bool all_read_plain = read_switch();
        for (const ConfigKey& key : config_keys()) {
            const std::string name(key.name);
            const char* plain = variable(name);
            const char* own = variable(own_name(name));
            if (plain != nullptr && own != nullptr) {
                unread_[name].push_back({name, own_name(name) + " wins over it"});
            } else if (plain != nullptr) {
                read_plain_name(key, plain, all_read_plain);
            }
            if (own != nullptr) raw_[name] = ConfigValue{own, own_name(name)};
        }
    }

    /// Whether every command reads plain names.
    bool read_switch() {
        if (plain_names_switch_.value.empty()) return false;
        constexpr ConfigKey kSwitch{
            .name = kPlainNamesSwitch, .group = {}, .type = ConfigType::boolean, .description = {}};
        const auto value = canonical_value(kSwitch, plain_names_switch_.value);
        if (!value) problem(plain_names_switch_.where, kPlainNamesSwitch, value.error());
        return value && *value == "true";
    }

    void read_plain_name(const ConfigKey& key, const char* value, bool all_read_plain) {
        const std::string name(key.name);
        const bool store = key.plain_where_store && holds_store(value);
        const bool reads = sources_.plain_names || all_read_plain;
        if (reads || store) {
            raw_[name] = ConfigValue{value, std::string(kEnvironment)};
            raw_[name].left_unread_by_others = !all_read_plain && !store;
            if (!reads) {
                warnings_.push_back(
                    name + " in the environment is read because a store of ours lies there; set " +
                    own_name(name) + " instead, for other programs use the plain name too"
                );
            }
            return;
        }
        const std::string why = "this command reads " + own_name(name) + " alone" +
                                (key.plain_where_store ? ", and no store of ours lies there" : "");
        unread_[name].push_back({name, why});
        if (key.tell_unread && value != key.fallback) {
            warnings_.push_back(name + " in the environment is left unread: " + why);
        }
    }

    bool holds_store(const char* folder) const {
        const char* home = variable("HOME");
        std::filesystem::path path;
        read_value({.text = folder, .home = home == nullptr ? "" : home}, path);
        return sources_.holds_store && sources_.holds_store(path);
    }

    /// A MCPB_ name is meant for us, so one that we do not have is a slip; but it may be a later
    /// version's, and is no reason to stop.
    void check_own_names() {
        for (const std::string& name : sources_.variable_names()) {
            if (!name.starts_with(kOwnPrefix) || name == kPlainNamesSwitch) continue;
            if (find_config_key(key_name(name)) != nullptr) continue;
            warnings_.push_back(
                name + " in the environment: unknown key; " + meant(nearest_name(name))
            );
        }
    }

    void check_key(const ConfigKey& key) {
        ConfigValue& value = values_[std::string(key.name)];
        value = ConfigValue{std::string(key.fallback), std::string(ConfigValue::kDefault)};
        value.unread = std::move(unread_[std::string(key.name)]);
        const auto given = raw_.find(key.name);
        if (given == raw_.end()) return;
        if (is_for_others(key, given->second)) {
            value.unread.push_back(
                {std::string(key.name),
                 "it is for other programs while EMBEDDING_PROVIDER is local"}
            );
            return;
        }
        tl::expected<std::string, std::string> canonical =
            canonical_value(key, given->second.value);
        if (!canonical) return problem(given->second.where, key.name, canonical.error());
        if (key.name == "DEFAULT_TIMEZONE" && sources_.time_zone_problem) {
            const std::string wrong = sources_.time_zone_problem(*canonical);
            if (!wrong.empty()) {
                return problem(given->second.where, key.name, shown(key, *canonical) + " " + wrong);
            }
        }
        value.value = std::move(*canonical);
        value.where = given->second.where;
        value.left_unread_by_others = given->second.left_unread_by_others;
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
    ConfigValue plain_names_switch_;
    std::map<std::string, std::vector<UnreadVariable>, std::less<>> unread_;
    std::vector<std::string> warnings_;
    ConfigValues raw_;
    ConfigValues values_;
    std::vector<ConfigProblem> problems_;
};

}  // namespace

tl::expected<ReadConfig, std::vector<ConfigProblem>> read_config(const ConfigSources& sources) {
    return Reader(sources).run();
}

}  // namespace rag
