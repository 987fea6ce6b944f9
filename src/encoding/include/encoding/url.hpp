#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "encoding/json.hpp"

namespace rag::encoding {

/// The parameters of a query string ("q=x&top_k=5", "+" is a space) as an object of strings.
/// `invalid_argument` for a broken escape, invalid UTF-8, a NUL and a doubled parameter.
Result<Value> parse_query_string(std::string_view query);

/// Undoes percent-encoding; nullopt: a broken escape. `plus_is_space`: as in a query string.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Encodes all but unreserved characters.
std::string percent_encode(std::string_view text);

}  // namespace rag::encoding
