#pragma once

#include <vector>

#include "connection.hpp"
#include "index/chunk_index.hpp"

/// What helps somebody whose filter has a value that nothing has. The index knows the values that
/// filters compare, the tables how they were written.
namespace rag::sqlite {

/// Of one text of a filter that nothing has: chunks with the values most like it.
struct FoundValues {
    std::size_t text;  // Of `kFilterTexts`.
    std::vector<ChunkId> chunks;
};

std::vector<FoundValues> find_nearest(const ChunkIndex& index, const Filter& filter);

Result<std::vector<FilterHint>> hints_of(
    TenantConnection& db, const std::vector<FoundValues>& found, const Filter& filter
);

}  // namespace rag::sqlite
