#pragma once

#include <cstdint>
#include <vector>

/// Numbers in seven bits a byte, low ones first; the eighth bit says that more follow.
namespace rag::sqlite {

inline void put_varint(std::vector<std::uint8_t>& bytes, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes.push_back(static_cast<std::uint8_t>(value));
}

/// Of bytes that this program has written a moment ago: nothing is checked.
inline std::uint32_t get_varint(const std::uint8_t*& bytes) {
    std::uint32_t value = *bytes & 0x7F;
    for (unsigned shift = 7; *bytes++ >= 0x80; shift += 7) {
        value |= static_cast<std::uint32_t>(*bytes & 0x7F) << shift;
    }
    return value;
}

}  // namespace rag::sqlite
