#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace rag::text {

/// Length of the part at the beginning that is plain ASCII: most text is, and needs no tables.
inline std::size_t ascii_prefix(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    std::size_t place = 0;
    for (; place + sizeof(std::uint64_t) <= text.size(); place += sizeof(std::uint64_t)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + place, sizeof eight);
        if ((eight & kHighBits) != 0) break;
    }
    while (place < text.size() && static_cast<unsigned char>(text[place]) < 0x80U) ++place;
    return place;
}

inline bool is_ascii(std::string_view text) { return ascii_prefix(text) == text.size(); }

}  // namespace rag::text
