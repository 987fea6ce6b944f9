#pragma once

#include <string>

#include "application/passages.hpp"

/// Passages as a model reads them at once: a heading, then a line a message, hits marked.
///
///     # Kitchen (conversation 12), 2026-05-03
///     [3] Marta, 2026-05-03 10:00: The plumber comes on Friday.
///     > [4] Sven, 2026-05-03 10:01: At eight?
namespace rag::mcp {

std::string passage_heading(const Passage& passage);
/// With its line end.
std::string passage_line(const PassageMessage& message);
/// Heading and lines.
std::string passage_text(const Passage& passage);

}  // namespace rag::mcp
