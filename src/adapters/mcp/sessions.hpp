#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "domain/tenant.hpp"
#include "domain/time.hpp"
#include "encoding/digest.hpp"
#include "revision.hpp"

namespace rag::mcp {

/// Ids of sessions, for the revisions that have them over HTTP. An id says all there is to know of
/// its session: the revision, when it began, something random, and, by an HMAC under a key that
/// lies in the store, that we made it for this tenant. So nothing is kept of it here, and every
/// process that serves the store takes it. It ends by age alone.
class SessionIds {
public:
    explicit SessionIds(std::chrono::seconds age_max) : age_max_(age_max) {}

    static std::string make(
        const encoding::Digest& key, const TenantId& tenant, Revision revision, Timestamp now
    );

    /// The session's revision; nullopt: not of ours, not this tenant's, or too old.
    std::optional<Revision> revision_of(
        std::string_view id, const encoding::Digest& key, const TenantId& tenant, Timestamp now
    ) const;

private:
    const std::chrono::seconds age_max_;
};

}  // namespace rag::mcp
