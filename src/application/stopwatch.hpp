#pragma once

#include <chrono>
#include <cstdint>

namespace rag {

/// Time since it was made.
class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
    std::int64_t milliseconds() const { return static_cast<std::int64_t>(seconds() * 1'000); }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

}  // namespace rag
