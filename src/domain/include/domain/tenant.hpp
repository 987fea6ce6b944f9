#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace rag {

/// Whose data it is. Nothing of one tenant is read, counted, searched or repeated for another.
struct TenantId {
    std::string value;
    friend auto operator<=>(const TenantId&, const TenantId&) = default;
};

/// Whose data it is where nobody says who asks: the one place that names it.
inline constexpr std::string_view kDefaultTenant = "default";

}  // namespace rag
