#pragma once

#include <cstdint>
#include <string>

namespace rag {

/// "12,345": a number as people read it.
inline std::string with_commas(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t left = digits.size(); left > 3; left -= 3) digits.insert(left - 3, ",");
    return digits;
}

}  // namespace rag
