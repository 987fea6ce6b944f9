#pragma once

#include "index_state.hpp"

namespace rag::sqlite {

/// The chunks of one state of the index in order of time. Looks at every row, once.
std::vector<ChunkPlace> read_timeline(const IndexState& state, const TimelineQuery& query);

}  // namespace rag::sqlite
