#pragma once

#include <string_view>

/// How values of HTTP headers are read.
namespace rag::wire {

/// ASCII only, as header names and media types are.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without blanks and tabs around it.
std::string_view trim(std::string_view text);

/// Cuts off the part before the next `separator`, trimmed, and leaves in `rest` what follows it.
std::string_view next_part(std::string_view& rest, char separator);

/// Whether an `Accept` header (all of them, joined) takes the type; an empty one takes all.
bool accepts(std::string_view accept, std::string_view type);

}  // namespace rag::wire
