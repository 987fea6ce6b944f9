#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace rag::local {

/// SHA-256 in hexadecimal.
std::string sha256(std::string_view bytes);

/// Of a file, read piece by piece so that it does not become resident. nullopt: it cannot be read.
std::optional<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace rag::local
