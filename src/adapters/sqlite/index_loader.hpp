#pragma once

#include <functional>
#include <memory>

#include "connection.hpp"
#include "index/chunk_index.hpp"
#include "writes.hpp"

namespace rag::sqlite {

/// Builds the in-memory index of what the tables hold, with the vectors of one space.
/// Throws SQLITE_INTERRUPT soon after `stopped` says so.
std::shared_ptr<ChunkIndex> build_index(
    Connection& db,
    const ActiveSpace& space,
    std::size_t scan_threads,
    const std::function<bool()>& stopped
);

}  // namespace rag::sqlite
