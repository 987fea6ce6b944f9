#include "composition/commands.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <future>
#include <iostream>

#include "composition/model_folder.hpp"
#include "composition/process.hpp"
#include "composition/runtime.hpp"
#include "composition/work_on_terminal.hpp"
#include "infrastructure/process.hpp"
#include "infrastructure/version.hpp"
#include "mcp/server.hpp"
#include "sqlite/factory.hpp"
#include "text/time_zone.hpp"
#include "text/wordpiece.hpp"

namespace rag::composition {

namespace {

constexpr std::size_t kDescriptorsWanted = 8'192;
constexpr std::string_view kLogger = "app.server";
constexpr std::size_t kColumns = 80;  // Of a terminal that does not say.

int failed(const Error& error) {
    std::cerr << "mcp-backend: " << error.message << '\n';
    return cli::exit_code_of(error.code);
}

void log_started(Process& process) {
    const Config& config = process.runtime().config;
    const std::string data_dir = config.server.data_dir.string();
    const std::array<LogField, 5> fields{{
        {"version", kVersion},
        {"host", std::string_view(config.server.host)},
        {"port", static_cast<std::int64_t>(process.port())},
        {"data_dir", std::string_view(data_dir)},
        {"architecture", std::string_view(config.server.use_new_architecture ? "new" : "legacy")},
    }};
    process.runtime().telemetry.log(LogLevel::info, kLogger, "Server started", {}, fields);
}

/// For a person who started it by hand; a log file or a service manager has the line of the log.
void greet(Process& process) {
    if (::isatty(STDERR_FILENO) != 1) return;
    const ServerConfig& server = process.runtime().config.server;
    const bool any_address = server.host == "0.0.0.0" || server.host == "::";
    std::string host = any_address ? "127.0.0.1" : server.host;
    if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
    std::cerr << "mcp-backend: http://" << host << ':' << process.port() << "/docs; data in "
              << server.data_dir.string() << "; Ctrl-C ends it\n";
}

int serve(const Config& config) {
    raise_descriptor_limit(kDescriptorsWanted);
    Result<std::unique_ptr<Process>> process =
        Process::make(config, owner::Role::serve, STDOUT_FILENO);
    if (!process) return failed(process.error());
    Runtime& runtime = (*process)->runtime();

    std::promise<void> stop;
    SignalHandlers handlers;
    handlers.stop = [&stop] { stop.set_value(); };
    handlers.hurry = [] { std::_Exit(cli::kFailed); };  // A crash is safe, and wanted.
    handlers.reopen = [&runtime] { (void)runtime.log->reopen(); };
    Signals signals(runtime.executor(), std::move(handlers));

    if (Result<void> owned = (*process)->own(); !owned) return failed(owned.error());
    log_started(**process);
    greet(**process);
    stop.get_future().wait();
    runtime.telemetry.log(LogLevel::info, kLogger, "Draining", {}, {});
    (*process)->close();
    runtime.telemetry.log(LogLevel::info, kLogger, "Server stopped", {}, {});
    return cli::kDone;
}

int mcp_stdio(const Config& config) {
    const pid_t parent = ::getppid();  // Before it has much time to end.
    Result<std::unique_ptr<Process>> process =
        Process::make(config, owner::Role::mcp, STDERR_FILENO);
    if (!process) return failed(process.error());
    Runtime& runtime = (*process)->runtime();

    mcp::StdioOptions options;
    options.version = std::string(kVersion);
    options.parent = parent;
    options.call_timeout =
        std::chrono::duration_cast<std::chrono::seconds>(config.server.ingest_timeout);
    mcp::StdioLoop loop(options, runtime.executor(), (*process)->handler());

    SignalHandlers handlers;
    handlers.stop = [&loop] { loop.stop(); };
    handlers.hurry = [] { std::_Exit(cli::kFailed); };
    handlers.reopen = [&runtime] { (void)runtime.log->reopen(); };
    Signals signals(runtime.executor(), std::move(handlers));

    (*process)->follow();
    loop.run();
    (*process)->close();
    return cli::kDone;
}

/// A person at a shell wants the result, not a line of log for each conversation; what goes wrong
/// is still told. A log file, or a LOG_LEVEL that was set, is left as it is.
Config quiet(Config config) {
    if (!config.server.log_file && !config.server.log_level_given) {
        config.server.log_level = LogLevel::warning;
    }
    return config;
}

Result<std::unique_ptr<cli::ApiClient>> connect(const Config& config) {
    Result<std::unique_ptr<Process>> process =
        Process::make(quiet(config), owner::Role::command, STDERR_FILENO);
    if (!process) return tl::unexpected(process.error());
    return std::unique_ptr<cli::ApiClient>(std::move(*process));
}

Result<cli::MigrateReport> migrate(const Config& config) {
    const Result<owner::DataFolder> folder = owner::DataFolder::open(config.server.data_dir);
    if (!folder) return tl::unexpected(folder.error());
    Result<std::optional<owner::FolderLock>> lock = folder->try_lock(owner::Role::command);
    if (!lock) return tl::unexpected(lock.error());
    if (!*lock) {
        return fail(
            ErrorCode::conflict,
            "another process owns the data folder, and has migrated it when it started"
        );
    }
    Result<std::unique_ptr<Runtime>> runtime = Runtime::make(quiet(config), STDERR_FILENO);
    if (!runtime) return tl::unexpected(runtime.error());
    SqliteOptions options;
    options.data_dir = config.server.data_dir;
    options.shows_work = work_on_terminal();
    const Result<SchemaVersions> versions = migrate_sqlite_store(options, (*runtime)->telemetry);
    if (!versions) return tl::unexpected(versions.error());
    return cli::MigrateReport{versions->before, versions->after};
}

Result<std::unique_ptr<const TokenCounter>> token_counter(const Config& config) {
    const Result<std::filesystem::path> folder = find_model_folder(config);
    if (!folder) return tl::unexpected(folder.error());
    Result<WordPieceTokenizer> tokenizer = WordPieceTokenizer::load(*folder);
    if (!tokenizer) return tl::unexpected(tokenizer.error());
    return std::make_unique<const WordPieceTokenizer>(std::move(*tokenizer));
}

std::vector<std::string> variable_names() {
    std::vector<std::string> names;
    for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
        const std::string_view variable(*each);
        names.emplace_back(variable.substr(0, variable.find('=')));
    }
    return names;
}

bool holds_store(const std::filesystem::path& folder) {
    std::error_code failed;
    return std::filesystem::is_regular_file(folder / kSqliteFileName, failed);
}

std::string time_zone_problem(std::string_view name) {
    const Result<std::unique_ptr<TimeZones>> zones = text::make_time_zones(name);
    return zones ? std::string() : zones.error().message;
}

}  // namespace

cli::Program make_program() {
    return {
        .serve = serve,
        .mcp = mcp_stdio,
        .connect = connect,
        .migrate = migrate,
        .token_counter = token_counter,
        .environment = [](const char* name) -> const char* { return std::getenv(name); },
        .variable_names = variable_names,
        .holds_store = holds_store,
        .time_zone_problem = time_zone_problem,
        .release_signals = release_signals,
        .note_interrupts = note_interrupts,
        .interrupted = interrupted,
    };
}

cli::Terminal make_terminal() {
    const bool asks = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
    const bool screen = ::isatty(STDOUT_FILENO) == 1;
    winsize size{};
    const bool sized = screen && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const char* no_color = std::getenv("NO_COLOR");
    const char* kind = std::getenv("TERM");
    const bool plain = (no_color != nullptr && *no_color != '\0') ||
                       (kind != nullptr && std::string_view(kind) == "dumb");
    return {
        .out = std::cout,
        .err = std::cerr,
        .shows_progress = ::isatty(STDERR_FILENO) == 1,
        .answers = asks ? &std::cin : nullptr,
        .columns = sized    ? size.ws_col
                   : screen ? kColumns
                            : 0,
        .colours = screen && !plain,
    };
}

}  // namespace rag::composition
