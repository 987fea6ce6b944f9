#pragma once

#include <functional>

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "index_registry.hpp"

namespace rag::sqlite {

/// Whether the store is whole, for every tenant: the file, what belongs together one to one, counts
/// that are kept against counts that are taken, and the indexes in memory against the tables.
/// `index` tells what a tenant's index holds now; it is compared with a snapshot of the same
/// change.
VerifyReport verify(Connection& db, const std::function<IndexLevel(const TenantId&)>& index);

}  // namespace rag::sqlite
