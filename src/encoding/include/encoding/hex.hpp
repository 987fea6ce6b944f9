#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace rag::encoding {

/// Lower-case hexadecimal digits.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// The value of one hexadecimal digit of either case; nullopt: it is none.
std::optional<unsigned> hex_value(char digit);

}  // namespace rag::encoding
