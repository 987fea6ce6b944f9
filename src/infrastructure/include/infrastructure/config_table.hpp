#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// The one list of configuration keys. The parser, `Config`, `--help`, docs/configuration.md,
/// .env.example and scripts/config_schema.json are made from it.
namespace rag {

struct Config;

enum class ConfigType : std::uint8_t {
    text,
    boolean,
    integer,
    seconds,  // A decimal number: "0.5".
    choice,
    path,  // A leading "~/" is the home folder.
    list,  // Comma separated.
    url
};

/// Which values ask for something that this version does not have. They are refused rather than
/// ignored: nobody may believe in a lock that is not there.
enum class Refuse : std::uint8_t { nothing, any_value, all_but_default };

/// A canonical value, as a member of `Config` is filled from it.
struct ConfigText {
    std::string_view text;
    bool given = false;     // By whatever source, be it the default's own value.
    std::string_view home;  // What "~" stands for; empty: nothing.
};

struct ConfigKey {
    std::string_view name;
    std::string_view group;
    ConfigType type = ConfigType::text;
    std::string_view fallback = {};  // What holds if the key is absent; empty: see `note`.
    std::string_view note = {};      // How the documentation names a default that is worked out.
    std::int64_t min = 0;            // Of integers and seconds, both inclusive.
    std::int64_t max = 0;
    std::string_view choices = {};  // "a|b"
    std::string_view also = {};     // Another word for a choice: "WARN=WARNING".
    bool secret = false;            // Never shown, logged or taken from the command line.
    Refuse refuse = Refuse::nothing;
    std::string_view needs = {};  // What is missing, if `refuse`.
    /// Other programs look for the variable too, so one in the environment says nothing to us
    /// while EMBEDDING_PROVIDER is local: it is neither read nor refused.
    bool read_by_others = false;
    /// A folder that others may mean by the plain name, unless a store of ours lies there: then
    /// commands that leave plain names unread read it nevertheless, and say so.
    bool plain_where_store = false;
    /// A command that leaves the plain name unread says so: somebody may believe in it.
    bool tell_unread = false;
    /// Writes the member of `Config` that the key is for; null where nothing reads the value: it is
    /// refused, or weighed against other keys alone.
    void (*fills)(Config& config, const ConfigText& value) = nullptr;
    std::string_view description;
};

/// One number must not be larger than another.
struct ConfigOrder {
    std::string_view smaller;
    std::string_view larger;
};

std::span<const ConfigKey> config_keys();
std::span<const ConfigOrder> config_orders();

/// nullptr: no such key.
const ConfigKey* find_config_key(std::string_view name);

/// The key whose name needs the fewest changes to become `name`.
const ConfigKey& nearest_config_key(std::string_view name);

std::string_view name_of(ConfigType type);
std::string_view name_of(Refuse refuse);

}  // namespace rag
