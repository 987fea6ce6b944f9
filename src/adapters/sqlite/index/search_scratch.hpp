#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index_state.hpp"

namespace rag::sqlite {

/// Numbers rows from 0 in the order in which they are asked for, without touching more memory
/// than those rows.
class RowSlots {
public:
    /// Forgets all rows.
    void reset(std::size_t row_count) {
        for (const Row row : rows_) slots_[row] = kNone;
        rows_.clear();
        if (slots_.size() < row_count) slots_.resize(row_count, kNone);
    }

    /// The row's number; the next one if it has none yet.
    std::uint32_t slot(Row row) {
        if (slots_[row] == kNone) {
            slots_[row] = static_cast<std::uint32_t>(rows_.size());
            rows_.push_back(row);
        }
        return slots_[row];
    }
    std::uint32_t find(Row row) const { return slots_[row]; }
    const std::vector<Row>& rows() const { return rows_; }
    std::size_t memory_bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }

private:
    std::vector<std::uint32_t> slots_;
    std::vector<Row> rows_;
};

/// One search's working memory, kept for the next one: fresh pages for each would cost more than
/// many a search.
struct SearchScratch {
    std::vector<float> lexical_scores;
    std::vector<float> dense_scores;
    std::vector<std::uint64_t> allowed;
    std::vector<std::uint64_t> allowed_embedded;
    RowSlots lexical_rows;
    RowSlots dense_rows;
    RowSlots best_rows;

    std::size_t memory_bytes() const {
        return (lexical_scores.capacity() + dense_scores.capacity()) * sizeof(float) +
               (allowed.capacity() + allowed_embedded.capacity()) * sizeof(std::uint64_t) +
               lexical_rows.memory_bytes() + dense_rows.memory_bytes() + best_rows.memory_bytes();
    }
};

}  // namespace rag::sqlite
