#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rag::mcp {

/// Revisions of the protocol, oldest first. Up to 2025-11-25 a session begins with `initialize`
/// ("legacy"); from 2026-07-28 on each request tells its revision itself ("modern").
enum class Revision : std::uint8_t {
    v2024_11_05,
    v2025_03_26,
    v2025_06_18,
    v2025_11_25,
    v2026_07_28
};

inline constexpr Revision kNewestLegacy = Revision::v2025_11_25;
inline constexpr std::string_view kModernName = "2026-07-28";

std::string_view name_of(Revision revision);

/// nullopt: not a revision that begins with `initialize`.
std::optional<Revision> legacy_revision(std::string_view name);

constexpr bool is_modern(Revision revision) { return revision == Revision::v2026_07_28; }

/// Later revisions took batches away again.
constexpr bool has_batches(Revision revision) { return revision <= Revision::v2025_03_26; }
constexpr bool has_annotations(Revision revision) { return revision >= Revision::v2025_03_26; }
/// `structuredContent`, `outputSchema` and `title` came together.
constexpr bool has_structured_content(Revision revision) {
    return revision >= Revision::v2025_06_18;
}

}  // namespace rag::mcp
