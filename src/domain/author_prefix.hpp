#pragma once

#include <string_view>

#include "domain/chunk.hpp"

namespace rag {

inline constexpr std::string_view kUnknownAuthor = "Unknown";
inline constexpr std::string_view kPrefixEnd = ": ";
inline constexpr std::string_view kShortenedPrefixEnd = "\xE2\x80\xA6: ";  // "…: "

/// Whom a chunk's text names: the author's name, else the type, else "Unknown".
inline std::string_view author_label(
    const std::optional<std::string>& name, const std::optional<std::string>& type
) {
    if (name && !name->empty()) return *name;
    if (type && !type->empty()) return *type;
    return kUnknownAuthor;
}

/// What the author says in a chunk: its text without "author: " before it.
std::string_view content_of(const Chunk& chunk);

}  // namespace rag
