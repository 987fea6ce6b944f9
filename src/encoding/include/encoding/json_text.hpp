#pragma once

#include <string>
#include <string_view>

/// The words of JSON, for what is written without a `JsonWriter`.
namespace rag::encoding {

/// Appends valid UTF-8 as a JSON string literal: shortest escapes, everything else as it is. Stored
/// digests are made over such text, so it is never written in another way.
void append_quoted(std::string& out, std::string_view text);

/// Alike, for text of unknown origin: bytes that are no UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Appends a number that JSON has: shortest digits that give the same value back, without an
/// exponent where that is readable; what is not finite becomes null.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, float value);

}  // namespace rag::encoding
