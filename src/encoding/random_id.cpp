#include "encoding/random_id.hpp"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <exception>

#include "encoding/hex.hpp"

namespace rag::encoding {

std::string random_id() {
    std::array<std::uint8_t, 16> bytes{};
    // Never interrupted and never short for so few bytes; without the call there is no safe id.
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        std::terminate();
    }
    return to_hex(bytes);
}

}  // namespace rag::encoding
