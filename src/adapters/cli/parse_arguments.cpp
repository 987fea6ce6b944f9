#include "parse_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "application/get_conversation.hpp"
#include "application/ingest_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "encoding/utf8.hpp"
#include "infrastructure/config_table.hpp"
#include "infrastructure/environment_names.hpp"
#include "infrastructure/version.hpp"
#include "unknown_words.hpp"

namespace rag::cli {
namespace {

/// Commands that the contract names and this version does not have.
struct LaterCommand {
    const char* name;
    const char* purpose;
};
constexpr LaterCommand kLater[] = {
    {"backup", "Copy the store while it is in use"},
    {"restore", "Bring back a copy of the store"},
    {"reembed", "Fill the vectors of another model"},
    {"export", "Write conversations into a file"},
    {"import", "Read exports of other programs"},
    {"keys", "Manage the keys of callers"},
};

std::string flag_of(std::string_view key) {
    std::string flag = "--";
    for (const char c : key) {
        flag += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return flag;
}

class Parser {
public:
    explicit Parser(const Terminal& terminal) : terminal_(terminal) {
        app_.name("mcp-backend");
        app_.set_version_flag("--version", "mcp-backend " + std::string(kVersion));
        app_.require_subcommand(1);
        app_.fallthrough();
        app_.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
        app_.footer(
            "Exit codes: 0 done, 1 not possible as things are, 2 wrong command line or\n"
            "configuration, 75 busy, try again.\n"
            "Every key of docs/configuration.md is read from the environment as MCPB_KEY. The "
            "plain\n"
            "KEY is read by " +
            commands_that_read_plain_names(true) +
            ",\nand by every command with MCPB_PLAIN_NAMES=true."
        );
        app_.add_option("--env-file", env_file_, "File with configuration keys, one a line")
            ->type_name("FILE");
        add_config_flags();
        add_server_commands();
        add_store_commands();
        add_other_commands();
    }

    tl::expected<Arguments, int> run(int argc, const char* const* argv) {
        const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
        if (const std::string unknown = unknown_command(app_, words); !unknown.empty()) {
            return refuse(unknown);
        }
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ExtrasError& extra) {
            const std::string unknown = unknown_option(app_, words);
            return refuse(unknown.empty() ? extra.what() : unknown);
        } catch (const CLI::ParseError& end) {
            // Help and version come as exceptions too, with 0.
            const int code = app_.exit(end, terminal_.out, terminal_.err);
            return tl::unexpected<int>(code == 0 ? kDone : kUsage);
        }
        return finish();
    }

private:
    tl::unexpected<int> refuse(const std::string& why) {
        terminal_.err << "mcp-backend: " << why << "\nRun with --help for more information.\n";
        return tl::unexpected<int>(kUsage);
    }

    CLI::App* command(const char* name, const char* purpose) {
        return app_.add_subcommand(name, purpose)->fallthrough();
    }

    void add_json(CLI::App* command) {
        command->add_flag("--json", arguments_.json, "Print JSON, for programs");
    }

    void add_config_flags() {
        for (const ConfigKey& key : config_keys()) {
            // Secrets would show in the list of processes.
            if (key.secret || key.refuse == Refuse::any_value) continue;
            std::string& value = flag_values_.emplace_back();
            std::string text(key.description);
            const std::string_view fallback = key.note.empty() ? key.fallback : key.note;
            if (!fallback.empty()) text += " Default: " + std::string(fallback) + ".";
            CLI::Option* option =
                app_.add_option(flag_of(key.name), value, text)->type_name(std::string(key.name));
            option->group("Configuration: " + std::string(key.group));
            flags_.push_back({std::string(key.name), &value, option});
        }
    }

    void add_server_commands() {
        command("serve", "Answer REST and MCP over HTTP on HOST:PORT");
        command("mcp", "Speak MCP over stdin and stdout");
    }

    void add_store_commands() {
        CLI::App* ingest = command("ingest", "Store conversations from files");
        ingest->add_option("FILE", arguments_.ingest.files, "NDJSON or JSON files; - is stdin")
            ->required()
            ->type_name("")
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        add_parameters(
            *ingest, described(Door::command, IngestRequest()), arguments_.ingest.options
        );
        add_json(ingest);
        CLI::App* search = command("search", "Find what was said");
        add_parameters(*search, described(Door::command, search_of_commands()), arguments_.search);
        add_json(search);
        CLI::App* show = command("show", "Print one conversation");
        show->add_option("ID", arguments_.show.id, "Id of the conversation")
            ->required()
            ->type_name("");
        add_parameters(*show, described(Door::command, MessagesRequest()), arguments_.show.part);
        add_json(show);
        CLI::App* list = command("list", "List conversations, newest first");
        add_parameters(*list, described(Door::command, ListRequest()), arguments_.list);
        add_json(list);
        CLI::App* remove = command("delete", "Delete a conversation");
        remove->add_option("ID", arguments_.remove.id, "Id of the conversation")
            ->required()
            ->type_name("");
        remove->add_flag("--yes", arguments_.remove.yes, "Do not ask on a terminal");
        add_json(remove);
        CLI::App* eval = command("eval", "Measure retrieval on a file of questions");
        eval->add_option(
                "QUESTIONS", arguments_.questions_file, "NDJSON: sample, question, evidence"
        )
            ->required()
            ->type_name("");
        add_json(eval);
        add_json(command("verify", "Check that the store is whole"));
    }

    void add_other_commands() {
        command("healthcheck", "Exit 0 if the server on HOST:PORT is ready");
        CLI::App* config = command("config", "Check or show the configuration");
        config->require_subcommand(1);
        add_json(config->add_subcommand("check", "Tell what is wrong with it")->fallthrough());
        add_json(config->add_subcommand("show", "Print it, secrets masked")->fallthrough());
        add_json(command("migrate", "Bring the store to this version's schema"));
        for (const LaterCommand& later : kLater) {
            // Whatever follows such a command belongs to it; it is refused as a whole.
            command(later.name, (std::string(later.purpose) + " (not in this version)").c_str())
                ->fallthrough(false)
                ->prefix_command();
        }
    }

    tl::expected<Arguments, int> finish() {
        const CLI::App* chosen = app_.get_subcommands().front();
        arguments_.command = chosen->get_name();
        const auto later = std::ranges::find(kLater, arguments_.command, [](const auto& command) {
            return std::string(command.name);
        });
        if (later != std::end(kLater)) {
            terminal_.err << "mcp-backend: `" << later->name
                          << "` is not in this version; it comes with a later one\n";
            return tl::unexpected<int>(kUsage);
        }
        if (!chosen->get_subcommands().empty()) {
            arguments_.command += " " + chosen->get_subcommands().front()->get_name();
        }
        for (const GivenParameters* given :
             {&arguments_.search, &arguments_.list, &arguments_.show.part}) {
            for (const GivenParameter& each : *given) {
                if (encoding::is_valid_utf8(each.text)) continue;
                return refuse(
                    std::string(each.parameter->names.command) +
                    " is not UTF-8; use a UTF-8 locale, or convert the text (iconv -t UTF-8)"
                );
            }
        }
        if (arguments_.command == "search" && !asks_something(arguments_.search)) {
            return refuse("search needs words to find; or a filter or --sort, to list messages");
        }
        if (!env_file_.empty()) arguments_.env_file = env_file_;
        for (const Flag& flag : flags_) {
            if (flag.option->count() > 0) {
                arguments_.config_flags.emplace_back(flag.key, *flag.value);
            }
        }
        return std::move(arguments_);
    }

    static bool asks_something(const GivenParameters& given) {
        return std::ranges::any_of(given, [](const GivenParameter& each) {
            const std::string_view name = each.parameter->names.command;
            return !name.starts_with("--") || name == "--sort" || each.parameter->is_filter;
        });
    }

    struct Flag {
        std::string key;
        const std::string* value;
        const CLI::Option* option;
    };

    const Terminal& terminal_;
    CLI::App app_{"Keeps conversations verbatim and finds them again."};
    std::string env_file_;
    std::deque<std::string> flag_values_;  // Options hold references to them.
    std::vector<Flag> flags_;
    Arguments arguments_;
};

}  // namespace

tl::expected<Arguments, int> parse_arguments(
    int argc, const char* const* argv, const Terminal& terminal
) {
    return Parser(terminal).run(argc, argv);
}

}  // namespace rag::cli
