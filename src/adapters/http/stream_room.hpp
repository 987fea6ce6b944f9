#pragma once

#include <cstddef>

namespace rag::http {

/// Room of a streamed body beside what its handler keeps: for what was read last, as it came and
/// decoded.
inline constexpr std::size_t kStreamReadBytes = 256u << 10;

}  // namespace rag::http
