#include "infrastructure/clock.hpp"

#include <chrono>

namespace rag {

Timestamp system_time() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::floor<std::chrono::milliseconds>(now).count()};
}

}  // namespace rag
