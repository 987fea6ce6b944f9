#include "token_budget.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace rag {
namespace {

bool is_space(char character) {
    return character == ' ' || character == '\n' || character == '\t' || character == '\r';
}

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

/// Places where text may end: after a word, or after any character.
std::vector<std::size_t> ends(std::string_view text, bool of_words) {
    std::vector<std::size_t> found;
    for (std::size_t place = 1; place < text.size(); ++place) {
        const bool end = of_words ? is_space(text[place]) && !is_space(text[place - 1])
                                  : begins_character(text[place]);
        if (end) found.push_back(place);
    }
    return found;
}

std::int64_t distance(const StoredMessage& message, const Chunk& chunk) {
    return message.index < chunk.message_start ? chunk.message_start - message.index
                                               : message.index - chunk.message_end;
}

/// Keeps what fits of a row's context, the nearest first. False once something did not fit.
bool keep_near_context(LoadedChunk& row, std::size_t& left, const TokenCounter& counter) {
    std::vector<StoredMessage>& context = row.context;
    std::ranges::stable_sort(context, {}, [&row](const StoredMessage& message) {
        return distance(message, row.stored.chunk);
    });
    std::size_t kept = 0;
    for (; kept < context.size(); ++kept) {
        const std::size_t tokens = counter.count(context[kept].message.content);
        if (tokens > left) break;
        left -= tokens;
    }
    const bool all = kept == context.size();
    context.resize(kept);
    std::ranges::sort(context, {}, &StoredMessage::index);
    return all;
}

}  // namespace

std::string_view longest_beginning(
    std::string_view text,
    std::size_t max_tokens,
    const std::function<std::size_t(const std::string&)>& cost
) {
    for (const bool of_words : {true, false}) {
        const std::vector<std::size_t> places = ends(text, of_words);
        const auto over = std::ranges::partition_point(places, [&](std::size_t place) {
            return cost(std::string(text.substr(0, place))) <= max_tokens;
        });
        if (over != places.begin()) return text.substr(0, *(over - 1));
    }
    return {};
}

bool fit_to_budget(
    std::vector<SearchResult>& results, std::size_t max_tokens, const TokenCounter& counter
) {
    if (results.empty()) return false;

    std::size_t left = max_tokens;
    std::size_t rows = 0;
    for (; rows < results.size() && results[rows].chunk.tokens <= left; ++rows) {
        left -= results[rows].chunk.tokens;
    }
    bool whole = rows == results.size();
    if (rows == 0) {
        SearchResult& first = results.front();
        std::string& text = first.chunk.stored.chunk.text;
        const auto cost = [&counter](const std::string& part) { return counter.count(part); };
        text.resize(longest_beginning(text, max_tokens, cost).size());
        first.text_truncated = true;
        left = 0;
        rows = 1;
    }
    results.resize(rows);

    bool fits = whole;  // Where rows had to go, all context has gone before them.
    for (SearchResult& result : results) {
        if (fits) {
            fits = keep_near_context(result.chunk, left, counter);
            whole = whole && fits;
        } else {
            result.chunk.context.clear();
        }
    }
    return !whole;
}

}  // namespace rag
