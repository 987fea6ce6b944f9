#pragma once

#include <cstdint>
#include <vector>

#include "domain/search.hpp"
#include "index_state.hpp"

namespace rag::sqlite {

/// A bit for each row: set where the chunk is there and passes the filter. The one place that knows
/// what a filter means in the index.
void filter_bitmap(
    const IndexState& state, const Filter& filter, std::vector<std::uint64_t>& words
);

}  // namespace rag::sqlite
