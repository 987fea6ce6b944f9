#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/wordpiece.hpp"

namespace rag {

/// Reads the words of a text as BERT's normaliser and pre-tokeniser make them: cleaned of control
/// characters, decomposed and stripped of accents, lower case, cut at white space, each punctuation
/// mark and each Chinese character a word of its own.
class BertWords {
public:
    static constexpr std::size_t kCharactersMax = 100;  // A longer word is not looked up.

    BertWords(std::string_view text, const WordPieceSettings& settings)
        : text_(text), settings_(settings) {}

    /// False at the end. `word` is UTF-8; of a word longer than `kCharactersMax` only the begin.
    bool next(std::string& word);
    bool too_long() const { return characters_ > kCharactersMax; }

private:
    static constexpr char32_t kEnd = 0xFFFF'FFFF;
    static constexpr char32_t kNothing = 0xFFFF'FFFE;

    struct Mark {
        char32_t character;
        std::uint8_t combining_class;
    };

    char32_t next_character();
    void read_run();
    void decompose(char32_t character);
    void order_marks();

    std::string_view text_;
    const WordPieceSettings& settings_;
    std::size_t place_ = 0;
    std::size_t characters_ = 0;
    char32_t held_ = kNothing;  // Ended the word before, and is a word of its own.
    std::vector<Mark> run_;     // Decomposed characters beyond ASCII that are not read yet.
    std::vector<char32_t> ready_;
    std::size_t ready_place_ = 0;
};

}  // namespace rag
