#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Small scanners over valid UTF-8, for cues that need no tables of Unicode: letters are told from
/// punctuation by range, case is folded in the scripts that the cue words are written in.
namespace rag::scan {

/// The code point at `place`, which moves behind it. Bytes that are no UTF-8 count one by one.
char32_t next_code_point(std::string_view text, std::size_t& place);

char32_t lower(char32_t code_point);
bool is_letter(char32_t code_point);
bool is_digit(char32_t code_point);
bool is_space(char32_t code_point);
/// White space, control, format and filler characters: what leaves no ink.
bool is_invisible(char32_t code_point);
/// Chinese, Japanese and Korean letters, which are written without spaces or nearly so.
bool is_east_asian(char32_t code_point);

void append_utf8(std::string& text, char32_t code_point);

/// A run of letters, or one of digits ("15th" is two words), in lower case.
struct Word {
    std::string text;
    std::size_t begin = 0;  // Bytes in the scanned text.
    std::size_t end = 0;
    int number = -1;           // Value of at most four digits; -1: letters or longer.
    bool capitalised = false;  // Begins with a letter that has a lower case.
    bool joined = false;       // Directly after the word before it, as "th" in "15th".
};

/// Stops after `words_max` words: cues stand in questions and messages, not in books.
std::vector<Word> words(std::string_view text, std::size_t words_max);

}  // namespace rag::scan
