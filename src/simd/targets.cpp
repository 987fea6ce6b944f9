#include "simd/targets.hpp"

#include <hwy/targets.h>

#include <cassert>

namespace rag::simd {

std::vector<std::string> available_targets() {
    std::vector<std::string> names;
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        names.emplace_back(hwy::TargetName(target));
    }
    return names;
}

std::string chosen_target() { return available_targets().front(); }

bool widens_halves() {
    const std::string target = chosen_target();
    return target == "AVX3" || target == "AVX2" || target == "NEON";
}

ForcedTarget::ForcedTarget(const std::string& name) {
    for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
        if (name != hwy::TargetName(target)) continue;
        hwy::SetSupportedTargetsForTest(target);
        hwy::GetChosenTarget().Update(hwy::SupportedTargets());
        return;
    }
    assert(false && "not an available target");
}

ForcedTarget::~ForcedTarget() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace rag::simd
