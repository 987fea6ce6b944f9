#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "application/search_conversations.hpp"

namespace rag {

/// Makes the results fit `max_tokens`, counted over their texts and the contents of their context:
/// context goes first (of the last row first, the farthest message of a row first), then whole
/// rows from the end. One row always stays; if its text alone is over, it is cut after a word.
/// True if anything was left out.
bool fit_to_budget(
    std::vector<SearchResult>& results, std::size_t max_tokens, const TokenCounter& counter
);

/// The longest beginning that costs at most so much: cut after a word, or, in a script without
/// spaces, after a character.
std::string_view longest_beginning(
    std::string_view text,
    std::size_t max_tokens,
    const std::function<std::size_t(const std::string&)>& cost
);

}  // namespace rag
