#include "cli/command_line.hpp"

#include <algorithm>
#include <cassert>
#include <ostream>

#include "commands.hpp"
#include "infrastructure/environment_names.hpp"
#include "parse_arguments.hpp"
#include "rest.hpp"

namespace rag::cli {
namespace {

int tell_problems(const std::vector<ConfigProblem>& problems, bool json, const Terminal& terminal) {
    if (json) {
        terminal.out << problems_json(problems) << "\n";
    } else {
        for (const ConfigProblem& problem : problems) {
            terminal.err << "mcp-backend: " << to_string(problem) << "\n";
        }
    }
    // A file that is not there is the world's fault, not the configuration's.
    const bool unreadable = std::ranges::any_of(problems, &ConfigProblem::unreadable);
    return unreadable ? kFailed : kUsage;
}

int show_config_command(const ConfigValues& values, bool json, const Terminal& terminal) {
    terminal.out << (json ? show_config_json(values) + "\n" : show_config(values));
    return kDone;
}

int check_config_command(const ConfigValues& values, bool json, const Terminal& terminal) {
    terminal.out << (json ? check_config_json(values) + "\n" : check_config(values));
    return kDone;
}

ConfigSources sources_of(const Arguments& arguments, const Program& program) {
    return {
        .flags = arguments.config_flags,
        .environment = program.environment,
        .env_file = arguments.env_file,
        .plain_names = reads_plain_names(arguments.command),
        .holds_store = program.holds_store,
        .variable_names = program.variable_names,
        .time_zone_problem = program.time_zone_problem,
    };
}

int migrate(const Program& program, const Config& config, bool json, const Terminal& terminal) {
    const Result<MigrateReport> report = program.migrate(config);
    if (!report) return tell(report.error(), terminal.err);
    if (json) {
        encoding::JsonWriter out;
        out.begin_object();
        out.member("version_before", static_cast<std::int64_t>(report->version_before));
        out.member("version_after", static_cast<std::int64_t>(report->version_after));
        out.end_object();
        terminal.out << out.text() << "\n";
    } else {
        terminal.out << "schema version " << report->version_before << " -> "
                     << report->version_after << "\n";
    }
    return kDone;
}

int evaluate(
    const Session& session, const Arguments& arguments, const Program& program, const Config& config
) {
    const auto counter = program.token_counter(config);
    if (!counter) return tell(counter.error(), session.terminal.err);
    return eval(session, arguments.questions_file, **counter);
}

/// Commands that ask the application.
int run_client(
    const Arguments& arguments,
    const Program& program,
    const Config& config,
    const Terminal& terminal
) {
    const auto api = program.connect(config);
    if (!api) return tell(api.error(), terminal.err);
    const Session session{
        **api, terminal, arguments.json, config.server.data_dir.string(), program.interrupted};
    if (arguments.command == "ingest" && program.note_interrupts) program.note_interrupts();
    if (arguments.command == "ingest") return ingest(session, arguments.ingest);
    if (arguments.command == "search") return search(session, arguments.search);
    if (arguments.command == "show") return show(session, arguments.show);
    if (arguments.command == "list") return list(session, arguments.list);
    if (arguments.command == "delete") return remove(session, arguments.remove);
    if (arguments.command == "eval") return evaluate(session, arguments, program, config);
    assert(arguments.command == "verify");
    return verify(session);
}

}  // namespace

int run(int argc, const char* const* argv, const Program& program, Terminal terminal) {
    const tl::expected<Arguments, int> arguments = parse_arguments(argc, argv, terminal);
    if (!arguments) return arguments.error();
    const std::string& command = arguments->command;
    if (command != "serve" && command != "mcp") program.release_signals();

    const auto read = read_config(sources_of(*arguments, program));
    if (!read) {
        const bool json = arguments->json && arguments->command == "config check";
        return tell_problems(read.error(), json, terminal);
    }
    for (const std::string& warning : read->warnings) {
        terminal.err << "mcp-backend: " << warning << "\n";
    }
    const ConfigValues& values = read->values;
    if (command == "config check") return check_config_command(values, arguments->json, terminal);
    if (command == "config show") return show_config_command(values, arguments->json, terminal);

    const Config config = make_config(values, program.environment);
    if (command == "serve") return program.serve(config);
    if (command == "mcp") return program.mcp(config);
    if (command == "healthcheck") return healthcheck(config, terminal);
    if (command == "migrate") return migrate(program, config, arguments->json, terminal);
    return run_client(*arguments, program, config, terminal);
}

}  // namespace rag::cli
