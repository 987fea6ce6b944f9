#include <algorithm>

#include "config_value.hpp"
#include "encoding/json_text.hpp"
#include "infrastructure/config_table.hpp"
#include "infrastructure/environment_names.hpp"
#include "infrastructure/generated_docs.hpp"

namespace rag {
namespace {

using encoding::append_json_string;

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Generated from src/infrastructure/config_table.cpp by `generate_docs`. Do not edit. -->

Every key is an environment variable, by two names: `MCPB_PORT` is ours alone, every command reads
it, and it wins over the plain `PORT`, which [not every command reads](#names-in-the-environment).
`--env-file FILE` reads the same names from a file, plain or not, and every key that is no secret is
also a flag (`DATA_DIR` is `--data-dir`). Flags win over the environment, the environment over the
file. An empty value is an absent one.

- `mcp-backend config check --env-file FILE` checks a configuration,
- `mcp-backend config show` prints what `serve` reads, where each value comes from, secrets masked,
  and what is set but not read, by it or by other commands,
- `python3 scripts/validate_config.py --env-file=FILE` has the program check a file for another
  machine: none of the keys in the environment counts. It takes the program of `--binary`,
  of `MCP_BACKEND_BINARY`, of `build/release` beside it, or of `PATH`; without one it checks only
  names, types and ranges, and says so.

An unknown key in a file, a bad value or a contradiction is an error (exit code 2) that names the
place, the key and, for an unknown key, the nearest valid one. A value that asks for something this
version does not have is refused too: nobody may believe in a lock that is not there. Only
`OPENAI_API_KEY` and `OPENAI_BASE_URL` are ignored where they stand in the environment, because they
are there for other programs; in a file or as a flag they are refused like the rest.

## Names in the environment

Other programs set `DATABASE_URL`, `HOST` or `LOG_LEVEL` for themselves. In the shell of a person or
below an assistant these must neither stop us nor send us into somebody else's database. So:

)";

constexpr std::string_view kSyntax = R"(
## Files

```
# A comment; blank lines are fine.
PORT=8000                      # A comment after white space and #.
export LOG_LEVEL=DEBUG         # `export` is allowed, so a shell can read the file too.
APP_TITLE='kept $as it "is"'   # Nothing is special in single quotes.
ENVIRONMENT="a \"b\" \$ \\ \n" # Escapes of double quotes: \" \\ \$ \n \r \t.
```

Nothing is expanded: `$NAME` stays as it is. A value ends on its line. A key given twice is an
error.

## Types

| type | values |
|---|---|
| boolean | `true`, `1`, `yes`, `on`; `false`, `0`, `no`, `off` |
| integer | a whole number within the range |
| seconds | a number with at most three decimals (`0.5`) within the range |
| choice | one of the words listed, in any case; `LOG_LEVEL` takes `warn` too |
| path | a leading `~/` is the home folder |
| list | separated by commas |
| url | `scheme://...` |

Beyond single values: )";

/// Which command reads which names.
std::string names_markdown() {
    return "| command | reads |\n|---|---|\n| " + commands_that_read_plain_names(true) +
           " | `MCPB_KEY` and `KEY` |\n| " + commands_that_read_plain_names(false) +
           " | `MCPB_KEY`; `KEY` only from `--env-file` and as a flag |\n"
           "| every command with `MCPB_PLAIN_NAMES=true`, as in an image that holds nothing else "
           "| `MCPB_KEY` and `KEY` |\n\n"
           "A plain `DATA_DIR` is read by every command if a store of ours lies in that folder, "
           "with a warning.\nA command that leaves a set `DATABASE_URL` or `DATA_DIR` unread says "
           "so on stderr. A `MCPB_` name\nthat is no key is warned of.\n";
}

std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c;
    }
    return out;
}

std::string default_cell(const ConfigKey& key) {
    if (!key.note.empty()) return cell(key.note);
    return key.fallback.empty() ? "" : "`" + std::string(key.fallback) + "`";
}

std::string values_cell(const ConfigKey& key) {
    if (key.type == ConfigType::choice) return "`" + cell(key.choices) + "`";
    std::string text(name_of(key.type));
    if (key.type == ConfigType::integer || key.type == ConfigType::seconds) {
        text += " " + std::to_string(key.min) + "–" + std::to_string(key.max);
    }
    return key.secret ? text + ", secret" : text;
}

std::string description(const ConfigKey& key) {
    std::string text(key.description);
    if (key.refuse == Refuse::any_value) {
        text += " Refused for now: this version has no " + std::string(key.needs) + ".";
    } else if (key.refuse == Refuse::all_but_default) {
        text += " Anything but the default is refused for now: it needs " + std::string(key.needs) +
                ".";
    }
    if (key.read_by_others) text += " In the environment it is ignored: it is for other programs.";
    return text;
}

std::string_view flag(bool value) { return value ? "true" : "false"; }

void append_field(std::string& json, std::string_view name, std::string_view value) {
    append_json_string(json, name);
    json += ": ";
    append_json_string(json, value);
    json += ", ";
}

void append_words(std::string& json, std::span<const std::string_view> words) {
    for (const std::string_view& word : words) {
        json += &word == words.data() ? "[" : ", ";
        append_json_string(json, word);
    }
    json += "]";
}

/// A comment wrapped at 88 columns.
std::string comment(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        if (column == 0 || column + 1 + space > 88) {
            out += column == 0 ? "#" : "\n#";
            column = 1;
        }
        out += ' ';
        out += text.substr(0, space);
        column += 1 + space;
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return out + "\n";
}

}  // namespace

std::string configuration_markdown() {
    std::string text(kIntroduction);
    text += names_markdown();
    text += kSyntax;
    for (const ConfigOrder& order : config_orders()) {
        text +=
            "`" + std::string(order.smaller) + "` is at most `" + std::string(order.larger) + "`; ";
    }
    text +=
        "`CHUNK_OVERLAP_CHARS` is at most half of `CHUNK_MAX_CHARS`; a `HOST` that other\n"
        "machines can reach needs `ALLOW_INSECURE_BIND=true` while `AUTH_MODE` is `none`; a\n"
        "model other than the built-in one needs `EMBEDDING_MODEL_PATH`.\n";
    std::string_view group;
    for (const ConfigKey& key : config_keys()) {
        if (key.group != group) {
            group = key.group;
            text += "\n## Keys: " + std::string(group) +
                    "\n\n| key | values | default | meaning |\n|---|---|---|---|\n";
        }
        text += "| `" + std::string(key.name) + "` | " + values_cell(key) + " | " +
                default_cell(key) + " | " + cell(description(key)) + " |\n";
    }
    return text;
}

std::string env_example() {
    std::string text =
        "# Generated from src/infrastructure/config_table.cpp by `generate_docs`. Do not edit;\n"
        "# copy it to .env, remove the # before what you change, and check it with\n"
        "#   mcp-backend config check --env-file .env\n"
        "# docs/configuration.md explains the syntax and every key. In the environment, name them\n"
        "# MCPB_KEY: `mcp` and the commands that people type leave the plain names unread there.\n";
    std::string_view group;
    for (const ConfigKey& key : config_keys()) {
        if (key.group != group) {
            group = key.group;
            text += "\n# ---- " + std::string(group) + "\n";
        }
        text += "\n" + comment(description(key));
        if (!key.note.empty()) text += comment("Default: " + std::string(key.note) + ".");
        text += "#" + std::string(key.name) + "=" + std::string(key.fallback) + "\n";
    }
    return text;
}

std::string config_schema_json() {
    std::string json = "{\"keys\": [\n";
    for (const ConfigKey& key : config_keys()) {
        json += &key == config_keys().data() ? "  {" : ",\n  {";
        append_field(json, "name", key.name);
        append_field(json, "type", name_of(key.type));
        append_field(json, "default", key.fallback);
        append_field(json, "choices", key.choices);
        append_field(json, "also", key.also);
        json +=
            "\"min\": " + std::to_string(key.min) + ", \"max\": " + std::to_string(key.max) + ", ";
        append_field(json, "refuse", name_of(key.refuse));
        append_field(json, "needs", key.needs);
        json += "\"secret\": " + std::string(flag(key.secret)) + "}";
    }
    json += "\n], \"orders\": [";
    for (const ConfigOrder& order : config_orders()) {
        json += &order == config_orders().data() ? "[" : ", [";
        append_json_string(json, order.smaller);
        json += ", ";
        append_json_string(json, order.larger);
        json += "]";
    }
    json += "],\n\"true\": ";
    append_words(json, kTrueWords);
    json += ", \"false\": ";
    append_words(json, kFalseWords);
    json += ", \"prefix\": ";
    append_json_string(json, kOwnPrefix);
    json += ", \"switch\": ";
    append_json_string(json, kPlainNamesSwitch);
    return json + "}\n";
}

}  // namespace rag
