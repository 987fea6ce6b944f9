#include "wire/random_id.hpp"

#include <sys/random.h>

#include <array>
#include <exception>
#include <string_view>

namespace rag::wire {

std::string random_id() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<unsigned char, 16> bytes{};
    // Never interrupted and never short for so few bytes; without the call there is no safe id.
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        std::terminate();
    }
    std::string id;
    id.reserve(2 * bytes.size());
    for (const unsigned char byte : bytes) {
        id += kDigits[byte >> 4U];
        id += kDigits[byte & 15U];
    }
    return id;
}

}  // namespace rag::wire
