#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

/// What is wrong with words of a command line that name nothing, and what was probably meant.
namespace rag::cli {

/// "unknown command 'serach'; did you mean `search`?", also where help is asked for; empty: the
/// command is known, or there is none. `words`: without the program's name.
std::string unknown_command(const CLI::App& app, const std::vector<std::string>& words);

/// The same of the first option that neither the program nor its command has.
std::string unknown_option(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace rag::cli
