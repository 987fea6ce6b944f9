#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "contract/repository_fixture.hpp"

/// Calls of two tenants on one store, side by side with the same calls of each on a store of its
/// own: whatever differs has come from the other tenant.
namespace rag::test {

/// One call of the port with all that it is given.
struct TenantCall {
    enum class Kind : std::uint8_t {
        save,
        append,
        change,
        remove,
        find,
        candidates,
        load,
        list,
        get,
        chunks,
        messages,
        counts,
        timeline,
        hints
    };
    Kind kind = Kind::counts;
    std::int64_t id = 1;  // Of a conversation or chunk; need not be there.
    int text = 0;         // Which of a few texts: so both tenants store the same ones.
    int key = 0;          // 0: none.
};

TenantCall random_call(std::mt19937& random);

/// Makes the call and writes down all that the caller can see of its answer but times.
std::string observe(
    ConversationRepository& repository, const TenantCall& call, CallContext context
);

struct TenantsCompared {
    int calls = 0;
    int different = 0;       // Answers that a store of its own would not have given.
    std::string first_seen;  // The first of them, for a failed test's message.
};

/// So many calls of two tenants in turn, drawn from `seed`.
TenantsCompared compare_tenants(
    const RepositoryFactory& shared, const RepositoryFactory& alone, int calls, unsigned seed
);

}  // namespace rag::test
