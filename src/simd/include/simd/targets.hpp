#pragma once

#include <string>
#include <vector>

/// Kernels are compiled once for each instruction set and chosen at run time, by what the CPU can.
namespace rag::simd {

/// Instruction sets that are compiled in and that this CPU runs, best first ("AVX3", "AVX2", ...).
std::vector<std::string> available_targets();

/// The one that kernels run on now.
std::string chosen_target();

/// Whether 16-bit floats are widened by an instruction, so that reading half as much is faster.
bool widens_halves();

/// For tests: kernels run on this target until the object goes. Not while others run kernels.
class ForcedTarget {
public:
    explicit ForcedTarget(const std::string& name);
    ~ForcedTarget();
    ForcedTarget(const ForcedTarget&) = delete;
    ForcedTarget& operator=(const ForcedTarget&) = delete;
};

}  // namespace rag::simd
