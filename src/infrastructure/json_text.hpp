#pragma once

#include <string>
#include <string_view>

namespace rag {

/// Appends `text` as a JSON string, quotes included: one line, and valid UTF-8 whatever comes in
/// (bytes that are none become U+FFFD).
void append_json_string(std::string& out, std::string_view text);

/// Appends a number that JSON has: shortest form; what is not finite becomes null.
void append_json_number(std::string& out, double value);

/// Length in bytes of the valid UTF-8 sequence at the start of `text`; 0: there is none.
std::size_t utf8_sequence(std::string_view text);

}  // namespace rag
