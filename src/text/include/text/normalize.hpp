#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/search.hpp"

namespace rag::text {

/// Unicode normalisation form C of valid UTF-8: what exact comparison of text goes by.
std::string nfc(std::string_view text);

/// Text as filters compare it, and as stores keep it beside the one that was sent.
std::optional<std::string> comparison_form(const std::optional<std::string>& text);
Filter comparison_form(Filter filter);

}  // namespace rag::text
