#include "filter_bitmap.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace rag::sqlite {
namespace {

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
    const RowColumn<std::uint32_t>& column,
    const Interner& texts,
    const std::string& wanted,
    std::vector<std::uint64_t>& words
) {
    const std::uint32_t id = texts.find(wanted);
    if (id == kNone) {
        std::fill(words.begin(), words.end(), 0);
        return;
    }
    keep(column, words, [id](std::uint32_t value) { return value == id; });
}

void keep_conversation(
    const IndexState& state, ConversationId id, std::vector<std::uint64_t>& words
) {
    std::vector<std::uint64_t> kept(words.size(), 0);
    if (const std::uint32_t index = state.find_conversation(id); index != kNone) {
        for (const Row row : state.conversation(index).rows) {
            kept[row / 64] |= words[row / 64] & (std::uint64_t{1} << (row % 64));
        }
    }
    words.swap(kept);
}

bool any_time_within(const RowInfo& info, std::int64_t from, std::int64_t to) {
    for (std::uint32_t i = 0; i < info.time_count; ++i) {
        std::int64_t time = 0;
        std::memcpy(&time, info.times + i * sizeof(time), sizeof(time));
        if (from <= time && time <= to) return true;
    }
    return false;
}

void keep_times(const IndexState& state, const Filter& filter, std::vector<std::uint64_t>& words) {
    const std::int64_t from =
        filter.date_from ? filter.date_from->ms : std::numeric_limits<std::int64_t>::min();
    const std::int64_t to =
        filter.date_to ? filter.date_to->ms : std::numeric_limits<std::int64_t>::max();
    // A chunk without times has an empty span, first after last, which overlaps nothing.
    keep(state.time_spans(), words, [from, to](const TimeSpan& span) {
        return span.first <= span.last && span.first <= to && from <= span.last;
    });
    // Both ends may lie outside with nothing but a gap within.
    for (std::size_t word = 0; word < words.size(); ++word) {
        for (std::uint64_t left = words[word]; left != 0; left &= left - 1) {
            const auto row =
                static_cast<Row>(word * 64 + static_cast<unsigned>(std::countr_zero(left)));
            const TimeSpan& span = state.time_spans()[row];
            const bool end_within =
                (from <= span.first && span.first <= to) || (from <= span.last && span.last <= to);
            if (!end_within && !any_time_within(state.info(row), from, to)) {
                words[word] &= ~(left & (~left + 1));
            }
        }
    }
}

}  // namespace

void filter_bitmap(
    const IndexState& state, const Filter& filter, std::vector<std::uint64_t>& words
) {
    words.assign(state.alive_words().begin(), state.alive_words().end());
    if (filter.conversation_id) keep_conversation(state, *filter.conversation_id, words);
    if (filter.scenario_title) {
        keep_text(state.scenarios(), state.scenario_titles(), *filter.scenario_title, words);
    }
    if (filter.author_name) {
        keep_text(state.authors(), state.author_names(), *filter.author_name, words);
    }
    if (filter.author_class) {
        keep(state.author_classes(), words, [wanted = *filter.author_class](AuthorClass value) {
            return value == wanted;
        });
    }
    if (filter.date_from || filter.date_to) keep_times(state, filter, words);
}

}  // namespace rag::sqlite
