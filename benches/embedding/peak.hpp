#pragma once

#include <cstddef>

namespace rag::bench {

/// Billions of floating-point operations a second that this machine's threads reach together with
/// nothing but fused multiply-adds on registers, on the instruction set that the kernels use.
double fma_peak(std::size_t threads);

}  // namespace rag::bench
