#include "encoding/random_id.hpp"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <exception>
#include <span>

#include "encoding/hex.hpp"

namespace rag::encoding {

namespace {

// Never interrupted and never short for so few bytes; without the call there is no safe id.
void fill(std::span<std::uint8_t> bytes) {
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        std::terminate();
    }
}

}  // namespace

std::string random_id() {
    std::array<std::uint8_t, 16> bytes{};
    fill(bytes);
    return to_hex(bytes);
}

std::array<std::uint8_t, 32> random_secret() {
    std::array<std::uint8_t, 32> bytes{};
    fill(bytes);
    return bytes;
}

}  // namespace rag::encoding
