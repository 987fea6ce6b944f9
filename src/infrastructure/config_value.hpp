#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "infrastructure/config_table.hpp"

namespace rag {

/// What a boolean may be called, in any case.
inline constexpr std::array<std::string_view, 4> kTrueWords{"true", "1", "yes", "on"};
inline constexpr std::array<std::string_view, 4> kFalseWords{"false", "0", "no", "off"};

/// The value in its one spelling ("TRUE" is "true", "007" is "7"), or why it cannot be.
tl::expected<std::string, std::string> canonical_value(const ConfigKey& key, std::string_view raw);

/// Of canonical values.
std::int64_t integer_of(std::string_view value);
std::int64_t milliseconds_of(std::string_view value);

/// How a message shows a value: not at all if it is secret or long.
std::string shown(const ConfigKey& key, std::string_view value);

bool is_loopback(std::string_view host);

}  // namespace rag
