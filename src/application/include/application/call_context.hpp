#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/tenant.hpp"
#include "domain/time.hpp"

namespace rag {

/// Who asks, and whose data is meant.
struct Principal {
    TenantId tenant;
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
    /// `principal` is not null. There is no call on behalf of nobody: a context without a principal
    /// does not compile.
    CallContext(std::shared_ptr<const Principal> caller, Deadline until, Trace where = {})
        : deadline(until), trace(std::move(where)), principal(std::move(caller)) {}

    /// Of a call that no identity came with.
    static CallContext of_default_tenant(Deadline deadline, Trace trace = {}) {
        return {default_principal(), deadline, std::move(trace)};
    }

    Deadline deadline;
    Trace trace;
    // Shared, because a request makes many calls and a principal never changes.
    std::shared_ptr<const Principal> principal;
    std::optional<ConsistencyPosition> not_older_than;  // A read must see at least this.

    const TenantId& tenant() const { return principal->tenant; }

    /// The principal of a call that no identity came with.
    static const std::shared_ptr<const Principal>& default_principal();
};

}  // namespace rag
