#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"

/// How results look to people: what stands out, where lines end, and what time it is there.
namespace rag::cli {

/// Columns that the text takes: two for a wide character (Chinese, Japanese, Korean, emoji), none
/// for a combining one.
std::size_t width_of(std::string_view text);

/// The text in lines of at most `columns`, each but the first begun with `indent` spaces, which
/// count; it breaks at spaces, or between wide characters. A word that is longer than a line has
/// one of its own, whole, so that it can be copied. `columns` 0: as it is. `at`: what stands in the
/// first line before it.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent, std::size_t at);

/// As much of one line as fits, ending in "…" where something is left out, after a whole word if
/// one ends near.
std::string shortened(std::string_view line, std::size_t columns);

/// "2025-11-07 14:30 CET": an RFC 3339 time in the zone of this process (TZ). What is no such time
/// stays as it is.
std::string local_time(std::string_view time);

/// Marks for a terminal; without colours texts stay as they are.
std::string strong(std::string_view text, const Terminal& terminal);
std::string faint(std::string_view text, const Terminal& terminal);

/// Makes the words of a question stand out where a word begins with one of them, in any case.
/// `words`: as `words_of` gives them.
std::string with_hits(
    std::string_view text, const std::vector<std::string>& words, const Terminal& terminal
);

/// The words that are worth it: at least three letters long, in lower case.
std::vector<std::string> words_of(std::string_view question);

}  // namespace rag::cli
