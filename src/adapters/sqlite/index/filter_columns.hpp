#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "chunk_index.hpp"
#include "row_column.hpp"
#include "text_column.hpp"

namespace rag::sqlite {

struct TimeSpan {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
};

/// What filters ask of a chunk, a column for each: its value of a chunk and its test. The one place
/// that knows what a filter means in the index. A text that must be equal is a row of a table
/// (filter_columns.cpp); anything else has a column here.
class FilterColumns {
public:
    explicit FilterColumns(PageArena& pages);

    void set(Row row, const IndexedChunk& chunk);
    void copy(Row row, const FilterColumns& other, Row from);

    /// Clears the bits of rows that do not pass. Whose conversation it is, is told by others.
    void narrow(const Filter& filter, std::vector<std::uint64_t>& words) const;

    // "" where there is none; stays where it is.
    const std::string& author_name(Row row) const;
    const std::string& text(FilterText which, Row row) const;

    /// The first row of each value of a text among those whose bit is set, at most `count`.
    std::vector<Row> rows_of_values(
        FilterText which, const std::vector<std::uint64_t>& words, std::size_t count
    ) const;

    /// Beside the pages.
    std::size_t memory_bytes() const;

private:
    /// The times of its messages, int64 milliseconds, where they are more than the ends of a span.
    struct Times {
        const std::uint8_t* bytes;
        std::size_t size;  // In bytes.
    };

    void set_times(Row row, const TimeSpan& span, Times times);
    void narrow_times(const Filter& filter, std::vector<std::uint64_t>& words) const;
    static bool any_within(const Times& times, std::int64_t from, std::int64_t to);

    std::vector<TextColumn> texts_;
    RowColumn<TimeSpan> time_spans_;
    RowColumn<Times> times_;
    ByteArena times_arena_;
};

}  // namespace rag::sqlite
