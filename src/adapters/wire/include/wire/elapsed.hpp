#pragma once

#include <chrono>
#include <cmath>

namespace rag::wire {

/// What log lines call `duration_ms`, to the microsecond.
inline double milliseconds_since(std::chrono::steady_clock::time_point began) {
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - began;
    return std::round(taken.count()) / 1'000;
}

}  // namespace rag::wire
