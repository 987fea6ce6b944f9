#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/tenant.hpp"
#include "domain/time.hpp"

namespace rag {

/// Who asks, and whose data is meant.
struct Principal {
    TenantId tenant{std::string(kDefaultTenant)};
    std::string subject;              // Empty: nobody in particular.
    std::vector<std::string> scopes;  // Empty: nothing is restricted yet.
};

/// Where a call belongs in a trace (W3C Trace Context).
struct Trace {
    std::string id;           // 32 hex digits; stands in the log lines and in the problem body.
    std::string parent_span;  // 16 hex digits of the span that a new one is made under, or empty.
};

/// A place in the order of a store's writes: what was written up to it must be seen.
struct ConsistencyPosition {
    std::int64_t value = 0;
};

/// What travels with every call of a use case and of a port, and over the owner's socket. Nothing
/// else says whose data is meant, how long it may take and where it belongs.
struct CallContext {
    Deadline deadline;
    Trace trace = {};
    // Shared, because a request makes many calls and a principal never changes; never null.
    std::shared_ptr<const Principal> principal = default_principal();
    std::optional<ConsistencyPosition> not_older_than = {};  // A read must see at least this.

    const TenantId& tenant() const { return principal->tenant; }

    /// The principal of a call that no identity came with.
    static const std::shared_ptr<const Principal>& default_principal();
};

}  // namespace rag
