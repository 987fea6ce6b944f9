#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "cli/api_client.hpp"
#include "domain/text_ports.hpp"
#include "infrastructure/config.hpp"

namespace rag::cli {

/// How commands end.
enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2, kTemporary = 75 };
int exit_code_of(ErrorCode code);

struct MigrateReport {
    int version_before = 0;  // 0: there was no store.
    int version_after = 0;
};

/// What the commands need of the program around them.
struct Program {
    std::function<int(const Config&)> serve;
    std::function<int(const Config&)> mcp;
    std::function<Result<std::unique_ptr<ApiClient>>(const Config&)> connect;
    std::function<Result<MigrateReport>(const Config&)> migrate;
    /// The embedding model's tokenizer, by which `eval` counts what a reader pays.
    std::function<Result<std::unique_ptr<const TokenCounter>>(const Config&)> token_counter;
    std::function<const char*(const char*)> environment;                 // As std::getenv.
    std::function<std::vector<std::string>()> variable_names = {};       // All that it has.
    std::function<bool(const std::filesystem::path&)> holds_store = {};  // Of ours, in the folder.
    /// As in ConfigSources.
    std::function<std::string(std::string_view)> time_zone_problem = {};
    /// Signals end the program from now on. `serve` and `mcp` end by them in order, by themselves.
    std::function<void()> release_signals = [] {};
    /// From now on the first Ctrl-C is noted, for `interrupted`; the next one ends the program.
    std::function<void()> note_interrupts = {};
    std::function<bool()> interrupted = {};
};

/// Where results, and all else, go.
struct Terminal {
    std::ostream& out;
    std::ostream& err;
    bool shows_progress = false;  // stderr is a terminal.
    /// Where somebody can be asked; null: nobody is there.
    std::istream* answers = nullptr;
    std::size_t columns = 0;  // Of the screen that results go to; 0: they go elsewhere.
    bool colours = false;
};

/// Runs the command that the arguments name; returns the exit code.
int run(int argc, const char* const* argv, const Program& program, Terminal terminal);

}  // namespace rag::cli
