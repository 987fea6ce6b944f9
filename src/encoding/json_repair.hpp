#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// JSON text in whose strings there is what no text can hold.
namespace rag::encoding {

struct RepairedText {
    std::string text;
    std::vector<std::size_t> places;  // In `text`: where each U+FFFD was put, ascending.
};

/// Puts U+FFFD in place of each NUL (raw or escaped), lone surrogate (escaped, or three bytes) and
/// each byte that is no UTF-8, within strings; everything else stays as it is.
RepairedText repair_strings(std::string_view json);

/// Offset of the first byte that is no UTF-8; npos: there is none.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace rag::encoding
