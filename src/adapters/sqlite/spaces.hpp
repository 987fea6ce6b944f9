#pragma once

#include "application/ports/embedding_provider.hpp"
#include "connection.hpp"

/// Embedding spaces: the store's current one, and the row by which a tenant knows it.
namespace rag::sqlite {

/// That of the vectors that come and are searched; dimension 0: none was told yet.
EmbeddingSpace current_space(Connection& db);
void set_current_space(Connection& db, const EmbeddingSpace& space);

/// The tenant's row of the space; 0: it has none.
std::int64_t find_space(TenantConnection& db, const EmbeddingSpace& space);
std::int64_t find_or_add_space(TenantConnection& db, const EmbeddingSpace& space);

}  // namespace rag::sqlite
