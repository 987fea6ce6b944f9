#pragma once

#include <string_view>

namespace rag::text {

/// Words so frequent in a language that they say nothing of a text. `language` is a Snowball name;
/// languages without a list have none. Words are in lower case.
bool is_stop_word(std::string_view language, std::string_view word);

}  // namespace rag::text
