#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rag::wire {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);

}  // namespace rag::wire
