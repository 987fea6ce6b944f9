#include "revision.hpp"

#include <array>
#include <utility>

namespace rag::mcp {
namespace {

constexpr std::array<std::pair<std::string_view, Revision>, 5> kNames{{
    {"2024-11-05", Revision::v2024_11_05},
    {"2025-03-26", Revision::v2025_03_26},
    {"2025-06-18", Revision::v2025_06_18},
    {"2025-11-25", Revision::v2025_11_25},
    {kModernName, Revision::v2026_07_28},
}};

}  // namespace

std::string_view name_of(Revision revision) {
    return kNames[static_cast<std::size_t>(revision)].first;
}

std::optional<Revision> legacy_revision(std::string_view name) {
    for (const auto& [known, revision] : kNames) {
        if (known == name && !is_modern(revision)) return revision;
    }
    return std::nullopt;
}

}  // namespace rag::mcp
