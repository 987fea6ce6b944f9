#include "filter_columns.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace rag::sqlite {
namespace {

/// In the order of `kTextFilters`; the rarest text first, for what it clears others need not read.
enum TextFilter : std::size_t { kScenarioTitle, kAuthorName, kAuthorType, kTextFilterCount };

using Text = std::optional<std::string>;
template <Text IndexedHeader::*kMember>
const Text& of_header(const IndexedChunk& chunk) {
    return chunk.header.*kMember;
}
template <Text IndexedChunk::*kMember>
const Text& of_chunk(const IndexedChunk& chunk) {
    return chunk.*kMember;
}

struct TextFilterRow {
    const Text& (*value)(const IndexedChunk& chunk);
    Text Filter::*wanted;
};
constexpr std::array<TextFilterRow, kTextFilterCount> kTextFilters{{
    {of_header<&IndexedHeader::scenario_title>, &Filter::scenario_title},
    {of_chunk<&IndexedChunk::author_name>, &Filter::author_name},
    {of_chunk<&IndexedChunk::author_type>, &Filter::author_type},
}};

std::size_t column_of(FilterText which) {
    const auto row = std::ranges::find(kTextFilters, which, &TextFilterRow::wanted);
    return static_cast<std::size_t>(row - kTextFilters.begin());
}

/// Keeps the bits of rows whose value in the column passes.
template <class T, class Passes>
void keep(const RowColumn<T>& column, std::vector<std::uint64_t>& words, Passes passes) {
    for (std::size_t word = 0; word < words.size(); ++word) {
        if (words[word] == 0) continue;
        const T* values = column.at(word * 64);
        std::uint64_t kept = 0;
        for (unsigned bit = 0; bit < 64; ++bit) {
            kept |= std::uint64_t{passes(values[bit])} << bit;
        }
        words[word] &= kept;
    }
}

void keep_text(
    const TextColumn& column, const std::string& wanted, std::vector<std::uint64_t>& words
) {
    const std::uint32_t number = column.find(wanted);
    if (number == kNone) {
        std::fill(words.begin(), words.end(), 0);
        return;
    }
    keep(column.numbers(), words, [number](std::uint32_t value) { return value == number; });
}

}  // namespace

FilterColumns::FilterColumns(PageArena& pages)
    : time_spans_(pages), times_(pages), times_arena_(pages) {
    for (std::size_t column = 0; column < kTextFilterCount; ++column) texts_.emplace_back(pages);
}

void FilterColumns::set(Row row, const IndexedChunk& chunk) {
    for (std::size_t column = 0; column < kTextFilterCount; ++column) {
        texts_[column].set(row, kTextFilters[column].value(chunk));
    }
    TimeSpan span;
    for (const Timestamp time : chunk.message_times) {
        span.first = std::min(span.first, time.ms);
        span.last = std::max(span.last, time.ms);
    }
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(chunk.message_times.data());
    set_times(row, span, {bytes, chunk.message_times.size() * sizeof(Timestamp)});
}

void FilterColumns::copy(Row row, const FilterColumns& other, Row from) {
    for (std::size_t column = 0; column < kTextFilterCount; ++column) {
        texts_[column].copy(row, other.texts_[column], from);
    }
    set_times(row, other.time_spans_[from], other.times_[from]);
}

void FilterColumns::set_times(Row row, const TimeSpan& span, Times times) {
    time_spans_.grow_to(row + std::size_t{1});
    time_spans_[row] = span;
    times_.grow_to(row + std::size_t{1});
    const bool has_more = times.size > 2 * sizeof(Timestamp);
    times_[row] = {};
    if (has_more) times_[row] = {times_arena_.append(times.bytes, times.size), times.size};
}

void FilterColumns::narrow(const Filter& filter, std::vector<std::uint64_t>& words) const {
    for (std::size_t column = 0; column < kTextFilterCount; ++column) {
        const Text& wanted = filter.*kTextFilters[column].wanted;
        if (wanted) keep_text(texts_[column], *wanted, words);
    }
    if (filter.date_from || filter.date_to) narrow_times(filter, words);
}

void FilterColumns::narrow_times(const Filter& filter, std::vector<std::uint64_t>& words) const {
    const std::int64_t from =
        filter.date_from ? filter.date_from->ms : std::numeric_limits<std::int64_t>::min();
    const std::int64_t to =
        filter.date_to ? filter.date_to->ms : std::numeric_limits<std::int64_t>::max();
    // A chunk without times has an empty span, first after last, which overlaps nothing.
    keep(time_spans_, words, [from, to](const TimeSpan& span) {
        return span.first <= span.last && span.first <= to && from <= span.last;
    });
    // Both ends may lie outside with nothing but a gap within.
    for (std::size_t word = 0; word < words.size(); ++word) {
        for (std::uint64_t left = words[word]; left != 0; left &= left - 1) {
            const auto row =
                static_cast<Row>(word * 64 + static_cast<unsigned>(std::countr_zero(left)));
            const TimeSpan& span = time_spans_[row];
            const bool end_within =
                (from <= span.first && span.first <= to) || (from <= span.last && span.last <= to);
            if (!end_within && !any_within(times_[row], from, to)) {
                words[word] &= ~(left & (~left + 1));
            }
        }
    }
}

bool FilterColumns::any_within(const Times& times, std::int64_t from, std::int64_t to) {
    for (std::size_t offset = 0; offset < times.size; offset += sizeof(Timestamp)) {
        std::int64_t time = 0;
        std::memcpy(&time, times.bytes + offset, sizeof(time));
        if (from <= time && time <= to) return true;
    }
    return false;
}

const std::string& FilterColumns::text(FilterText which, Row row) const {
    return texts_[column_of(which)].text(row);
}

std::vector<Row> FilterColumns::rows_of_values(
    FilterText which, const std::vector<std::uint64_t>& words, std::size_t count
) const {
    const TextColumn& column = texts_[column_of(which)];
    std::vector<bool> seen(column.count());
    seen[TextColumn::kNoNumber] = true;
    std::vector<Row> rows;
    for (std::size_t word = 0; word < words.size(); ++word) {
        for (std::uint64_t left = words[word]; left != 0; left &= left - 1) {
            const auto row =
                static_cast<Row>(word * 64 + static_cast<unsigned>(std::countr_zero(left)));
            const std::uint32_t number = column.numbers()[row];
            if (seen[number]) continue;
            seen[number] = true;
            rows.push_back(row);
            if (rows.size() == count) return rows;
        }
    }
    return rows;
}

const std::string& FilterColumns::author_name(Row row) const {
    return texts_[kAuthorName].text(row);
}

std::size_t FilterColumns::memory_bytes() const {
    std::size_t bytes = 0;
    for (const TextColumn& column : texts_) bytes += column.memory_bytes();
    return bytes;
}

}  // namespace rag::sqlite
