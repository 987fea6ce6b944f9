#pragma once

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "index/chunk_index.hpp"
#include "writes.hpp"

namespace rag::sqlite {

/// Whether the store is whole: the file, what belongs together one to one, counts that are kept
/// against counts that are taken, and the index in memory against the tables.
VerifyReport verify(Connection& db, const ActiveSpace& space, const ChunkIndexStats& index);

}  // namespace rag::sqlite
