#pragma once

#include <string>

namespace rag::encoding {

/// 128 bits of the system's randomness in 32 hexadecimal digits: nobody can guess it, and no two
/// are the same.
std::string random_id();

}  // namespace rag::encoding
