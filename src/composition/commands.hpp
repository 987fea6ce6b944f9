#pragma once

#include "cli/command_line.hpp"

/// What the commands of the command line are made of.
namespace rag::composition {

cli::Program make_program();
/// The process's own streams, and what they are connected to.
cli::Terminal make_terminal();

}  // namespace rag::composition
