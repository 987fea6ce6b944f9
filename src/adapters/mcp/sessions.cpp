#include "sessions.hpp"

#include <charconv>
#include <cstdint>

#include "encoding/hex.hpp"
#include "encoding/hmac.hpp"
#include "encoding/random_id.hpp"

namespace rag::mcp {

namespace {

std::int64_t seconds_of(Timestamp time) { return time.ms / 1'000; }

encoding::Digest signature(
    const encoding::Digest& key, const TenantId& tenant, std::string_view told
) {
    // No tenant's name ends another's: what is told holds no line break.
    std::string text = "mcp session\n";
    text.append(told).append("\n").append(tenant.value);
    return encoding::hmac_sha256(key, text);
}

}  // namespace

std::string SessionIds::make(
    const encoding::Digest& key, const TenantId& tenant, Revision revision, Timestamp now
) {
    std::string id(name_of(revision));
    id += "." + std::to_string(seconds_of(now)) + "." + encoding::random_id();
    const encoding::Digest signed_by = signature(key, tenant, id);
    return id + "." + encoding::to_hex(signed_by);
}

std::optional<Revision> SessionIds::revision_of(
    std::string_view id, const encoding::Digest& key, const TenantId& tenant, Timestamp now
) const {
    const std::size_t last = id.rfind('.');
    if (last == std::string_view::npos) return std::nullopt;
    const std::string_view told = id.substr(0, last);
    if (!encoding::is_hex_of(id.substr(last + 1), signature(key, tenant, told))) {
        return std::nullopt;
    }
    // From here on the id is one that we have made.
    const std::size_t time_begin = told.find('.') + 1;
    std::int64_t began = 0;
    std::from_chars(told.data() + time_begin, told.data() + told.size(), began);
    if (seconds_of(now) - began > age_max_.count()) return std::nullopt;
    return legacy_revision(told.substr(0, time_begin - 1));
}

}  // namespace rag::mcp
