#pragma once

#include <cstddef>
#include <string_view>

/// Cutting UTF-8 text without tearing a character apart.
namespace rag::mcp {

/// True if a character of the text begins at that byte, or the text ends there.
bool is_place_in(std::string_view text, std::size_t offset);

/// The beginning of a text, of at most that many characters.
std::string_view first_characters(std::string_view text, std::size_t characters_max);

}  // namespace rag::mcp
