#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "simd/targets.hpp"

namespace rag::simd {

/// Runs each test on every instruction set that this CPU has; the log names them.
class OnEachTarget : public testing::TestWithParam<std::string> {
protected:
    OnEachTarget() : forced_(GetParam()) {
        std::cout << "kernel path: " << chosen_target() << '\n';
    }

private:
    ForcedTarget forced_;
};

#define RAG_ON_EACH_TARGET(suite)                                                      \
    INSTANTIATE_TEST_SUITE_P(                                                          \
        Targets,                                                                       \
        suite,                                                                         \
        testing::ValuesIn(available_targets()),                                        \
        [](const testing::TestParamInfo<std::string>& target) { return target.param; } \
    )

/// Values between -1 and 1 that differ from seed to seed and nowhere else.
inline std::vector<float> values(std::size_t count, std::uint32_t seed) {
    std::vector<float> made(count);
    std::uint32_t state = seed * 2654435761U + 1;
    for (float& value : made) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 8) / static_cast<float>(1U << 23) - 1.0F;
    }
    return made;
}

}  // namespace rag::simd
