#pragma once

#include <tl/expected.hpp>

#include "arguments.hpp"
#include "cli/command_line.hpp"

namespace rag::cli {

/// Reads a command line; the error is the exit code of a program that has said already what there
/// is to say (help, the version, or what is wrong).
tl::expected<Arguments, int> parse_arguments(
    int argc, const char* const* argv, const Terminal& terminal
);

}  // namespace rag::cli
