#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "best_rows.hpp"
#include "index_state.hpp"
#include "search_scratch.hpp"
#include "simd/search_kernels.hpp"

namespace rag::sqlite {

/// One question's cosines with all chunks: scanned in eight bits with a bound of the error, then
/// computed from the floats wherever that bound leaves a doubt. So results are those of floats.
class DensePass {
public:
    /// `embedding` has the index's dimension.
    DensePass(const IndexState& state, std::span<const float> embedding, SearchScratch& scratch);

    /// The best `count` of the allowed rows that have a vector, best first, with exact cosines.
    std::vector<ScoredRow> best(std::span<const std::uint64_t> allowed, std::size_t count);

    /// Exact; 0 without a vector.
    float cosine(Row row);

    /// Best cosine of a conversation; 0 if none of its chunks has a vector.
    float conversation_best(std::uint32_t conversation);

private:
    void scan();
    float error(Row row) const {
        return simd::scan_error(query_words_, state_.byte_errors()[row], state_.norm_max());
    }
    /// Exact cosines of those that have none yet.
    void compute(std::span<const Row> rows);
    /// Rows that may reach `least`, judged by the scan.
    std::vector<Row> doubtful(std::span<const std::uint64_t> allowed, float least) const;

    const IndexState& state_;
    std::vector<float>& scanned_;
    std::vector<std::uint64_t>& allowed_;
    RowSlots& slots_;
    std::vector<float> query_;  // Padded.
    simd::WordQuery query_words_;
    std::vector<float> cosines_;  // By slot.
    std::vector<Row> wanted_;     // For `conversation_best`.
};

}  // namespace rag::sqlite
