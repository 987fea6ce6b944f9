#pragma once

#include "cli/command_line.hpp"

/// What the commands of the command line are made of.
namespace rag::composition {

cli::Program make_program();

}  // namespace rag::composition
