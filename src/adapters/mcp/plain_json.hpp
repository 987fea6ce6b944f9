#pragma once

#include <string>
#include <string_view>

namespace rag::mcp {

/// The same JSON without members that say nothing: null, an empty object, an empty text. What a
/// message said stays even where it is empty, and so do lists; metadata stays as it was sent.
std::string without_empty(std::string_view json);

}  // namespace rag::mcp
