#pragma once

#include <functional>

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "index/chunk_index.hpp"
#include "writes.hpp"

namespace rag::sqlite {

struct IndexLevel {
    std::int64_t change_seq = 0;
    ChunkIndexStats stats;
};

/// Whether the store is whole: the file, what belongs together one to one, counts that are kept
/// against counts that are taken, and the index in memory against the tables.
/// `index` tells what the index holds now; it is compared with a snapshot of the same change.
VerifyReport verify(
    Connection& db, const ActiveSpace& space, const std::function<IndexLevel()>& index
);

}  // namespace rag::sqlite
