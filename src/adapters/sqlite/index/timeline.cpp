#include "timeline.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace rag::sqlite {

std::vector<ChunkPlace> read_timeline(const IndexState& state, const TimelineQuery& query) {
    std::vector<std::uint64_t> words;
    state.find_allowed(query.filter, words);
    std::vector<ChunkPlace> places;
    for (std::size_t word = 0; word < words.size(); ++word) {
        for (std::uint64_t left = words[word]; left != 0; left &= left - 1) {
            const auto row =
                static_cast<Row>(word * 64 + static_cast<unsigned>(std::countr_zero(left)));
            const RowInfo& info = state.info(row);
            places.push_back({info.chunk_id, state.conversation_of(row).id, info.time});
        }
    }
    const std::size_t kept = std::min(query.limit, places.size());
    std::partial_sort(
        places.begin(),
        places.begin() + static_cast<std::ptrdiff_t>(kept),
        places.end(),
        [&query](const ChunkPlace& one, const ChunkPlace& other) {
            const auto a = std::pair(one.time, one.chunk_id);
            const auto b = std::pair(other.time, other.chunk_id);
            return query.newest_first ? b < a : a < b;
        }
    );
    places.resize(kept);
    return places;
}

}  // namespace rag::sqlite
