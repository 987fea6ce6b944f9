#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace rag::encoding {

/// 128 bits of the system's randomness in 32 hexadecimal digits: nobody can guess it, and no two
/// are the same.
std::string random_id();

/// 256 bits of it: a key.
std::array<std::uint8_t, 32> random_secret();

}  // namespace rag::encoding
