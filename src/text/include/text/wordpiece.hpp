#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/text_ports.hpp"

namespace rag {

class Vocabulary;

/// How a model of the BERT family wants its text prepared (tokenizer_config.json).
struct WordPieceSettings {
    bool lower_case = true;
    bool strip_accents = true;
    bool split_chinese = true;
    std::size_t max_tokens = 512;  // Special pieces included.
};

/// Cuts text into the word pieces of a BERT model, with the very ids of the PyPI package
/// `tokenizers`: tests/unit/text/wordpiece_golden.txt and scripts/check_tokenizer.py compare.
/// As there, the name of a special piece in the text ("[SEP]") is that piece.
class WordPieceTokenizer final : public TokenCounter {
public:
    /// Reads vocab.txt, tokenizer_config.json and sentence_bert_config.json of a model folder; only
    /// the first must be there. `invalid_argument`: missing, or not a vocabulary of this kind.
    static Result<WordPieceTokenizer> load(const std::filesystem::path& folder);

    WordPieceTokenizer(WordPieceTokenizer&&) noexcept;
    WordPieceTokenizer& operator=(WordPieceTokenizer&&) noexcept;
    ~WordPieceTokenizer() override;

    std::size_t count(std::string_view text) const override;
    std::size_t max_tokens() const override { return settings_.max_tokens; }
    std::size_t special_tokens() const override { return 2; }

    /// Ids of the pieces, without [CLS] and [SEP].
    std::vector<std::int32_t> encode(std::string_view text) const;

    std::optional<std::int32_t> id(std::string_view piece) const;
    std::int32_t cls_id() const { return cls_id_; }
    std::int32_t sep_id() const { return sep_id_; }
    std::size_t vocabulary_size() const;

private:
    WordPieceTokenizer(std::unique_ptr<const Vocabulary> vocabulary, WordPieceSettings settings);

    template <class Sink>
    void each_piece(std::string_view text, Sink& sink) const;
    template <class Sink>
    void each_plain_piece(std::string_view text, Sink& sink) const;

    struct Special {
        std::string text;
        std::int32_t id;
    };

    std::unique_ptr<const Vocabulary> vocabulary_;
    WordPieceSettings settings_;
    std::vector<Special> specials_;
    std::int32_t unknown_id_ = 0;
    std::int32_t cls_id_ = 0;
    std::int32_t sep_id_ = 0;
};

}  // namespace rag
