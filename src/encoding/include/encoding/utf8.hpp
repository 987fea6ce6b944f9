#pragma once

#include <cstddef>
#include <string_view>

namespace rag::encoding {

/// True if the bytes are UTF-8 as RFC 3629 has it: nothing overlong, no surrogate, nothing above
/// U+10FFFF. NUL is valid here.
bool is_valid_utf8(std::string_view text);

/// Length in bytes of the valid UTF-8 sequence at the start of `text`; 0: there is none.
std::size_t utf8_sequence(std::string_view text);

/// True for a byte that begins no character but goes on with one.
constexpr bool continues_utf8(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace rag::encoding
