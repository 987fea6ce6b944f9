#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rag {

/// A line of an env file that says something. `problem` is set instead of the rest if it cannot
/// be read.
struct EnvLine {
    std::size_t line = 0;  // From 1.
    std::string name;
    std::string value;
    std::string problem;
};

/// The syntax of env files (docs/configuration.md tells it to users):
/// blank lines; `# comment`; `NAME=value` or `export NAME=value`. A bare value ends at the end of
/// the line or at white space and `#`; 'single quotes' keep everything as it is; in
/// "double quotes" \n \r \t \" \\ \$ are escapes. Nothing is expanded, no value spans lines.
std::vector<EnvLine> parse_env_file(std::string_view text);

}  // namespace rag
