#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the domain needs to know of text; implemented in text/. All are immutable and thread-safe.
namespace rag {

/// Counts in the units that the embedding model reads.
class TokenCounter {
public:
    virtual ~TokenCounter() = default;
    /// Word pieces of the text, without the special ones.
    virtual std::size_t count(std::string_view text) const = 0;
    /// The most the model reads at once, special pieces ([CLS], [SEP]) included.
    virtual std::size_t max_tokens() const = 0;
    /// Special pieces that the model adds to every text.
    virtual std::size_t special_tokens() const = 0;
};

enum class BreakKind : std::uint8_t { character, word, sentence, paragraph };

/// A place where text may be cut: before byte `offset`, which begins the next part.
struct Break {
    std::size_t offset;
    BreakKind kind;
};

class Segmenter {
public:
    virtual ~Segmenter() = default;
    /// Every place where the text may be cut, ascending, without 0 and the end. `character` is a
    /// grapheme boundary, so no accent is torn from its letter; the strongest kind at a place wins.
    virtual std::vector<Break> breaks(std::string_view text) const = 0;
    /// Characters (code points) that lie in words: by the boundaries of Unicode, at most 30 letters
    /// and no digit; an emoji is one. Counts no further than `enough`.
    virtual std::size_t characters_in_words(std::string_view text, std::size_t enough) const = 0;
};

/// A word as it is indexed: folded and stemmed.
struct Term {
    std::string text;
    std::uint32_t count;  // In this text.
    bool stop;  // So frequent that it is searched for only if the query holds nothing else.
};

class TermAnalyzer {
public:
    virtual ~TermAnalyzer() = default;
    /// The terms of a text, each once, sorted by `text`.
    virtual std::vector<Term> analyze(std::string_view text) const = 0;
    /// Changes whenever `analyze` would answer otherwise for some text; stored with the terms.
    virtual std::uint32_t version() const = 0;
};

}  // namespace rag
