#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/search.hpp"

namespace rag::text {

/// Unicode normalisation form C of valid UTF-8: what exact comparison of text goes by.
std::string nfc(std::string_view text);

/// Text without what people leave out when they ask for a name: NFKC, case-folded (Unicode), runs
/// of white space as one blank, none at the ends, no combining marks of Latin, Greek and Cyrillic
/// letters, no Hebrew points, no Arabic harakat. Marks of other scripts make other letters, and
/// stay.
std::string fold(std::string_view text);

/// Text as filters compare it (`fold`), and as stores keep it beside the one that was sent.
std::optional<std::string> comparison_form(const std::optional<std::string>& text);
/// Alike, an author type: the word of its class, where it has one.
std::optional<std::string> author_form(const std::optional<std::string>& author_type);
Filter comparison_form(Filter filter);

}  // namespace rag::text
