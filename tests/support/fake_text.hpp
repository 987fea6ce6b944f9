#pragma once

#include <string>
#include <vector>

#include "domain/text_ports.hpp"

namespace rag::test {

/// Lower-case words of letters and digits (bytes over 127 count as letters).
std::vector<std::string> words_of(std::string_view text);
bool is_stop_word(std::string_view word);

/// A word is a token.
class FakeTokenCounter final : public TokenCounter {
public:
    explicit FakeTokenCounter(std::size_t max_tokens = 256) : max_tokens_(max_tokens) {}
    std::size_t count(std::string_view text) const override { return words_of(text).size(); }
    std::size_t max_tokens() const override { return max_tokens_; }
    std::size_t special_tokens() const override { return 2; }

private:
    std::size_t max_tokens_;
};

/// Cuts between UTF-8 characters; after white space a word begins, after ". " a sentence, after an
/// empty line a paragraph.
class FakeSegmenter final : public Segmenter {
public:
    std::vector<Break> breaks(std::string_view text) const override;
    /// Words hold no digit.
    std::size_t characters_in_words(std::string_view text, std::size_t enough) const override;
};

/// Words as they are; a few English ones are stop words.
class FakeAnalyzer final : public TermAnalyzer {
public:
    std::vector<Term> analyze(std::string_view text) const override;
    std::uint32_t version() const override { return 1; }
};

}  // namespace rag::test
