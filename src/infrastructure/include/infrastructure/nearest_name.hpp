#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rag {

/// The name that needs the fewest changes of a character to become `name`, for "did you mean ...?".
/// Of names that need equally many, the first. Only the first 64 characters of `name` count.
/// `names` is not empty.
std::size_t nearest_name(std::string_view name, std::span<const std::string> names);

/// The same, but empty where even the nearest has little to do with `name`.
std::string name_that_was_meant(std::string_view name, std::span<const std::string> names);

}  // namespace rag
