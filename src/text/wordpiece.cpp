#include "text/wordpiece.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "bert_words.hpp"
#include "vocabulary.hpp"

namespace rag {
namespace {

using nlohmann::json;

constexpr std::size_t kFileBytesMax = std::size_t{64} << 20;

/// nullopt: there is no such file, it cannot be read, or it is beyond all reason.
std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error || size > kFileBytesMax) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// An empty object if there is no such file; discarded if it is not a JSON object.
json read_settings(const std::filesystem::path& path) {
    const std::optional<std::string> text = read_file(path);
    if (!text) return json::object();
    json value = json::parse(*text, nullptr, false);
    return value.is_object() ? value : json(json::value_t::discarded);
}

template <class T>
T value_or(const json& object, const char* key, T otherwise) {
    const auto found = object.find(key);
    if (found == object.end()) return otherwise;
    if constexpr (std::is_same_v<T, bool>)
        return found->is_boolean() ? found->get<bool>() : otherwise;
    else
        return found->is_number_unsigned() ? found->get<T>() : otherwise;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// Counts what `Vocabulary::cut` gives, without keeping it.
class CountingSink {
public:
    void push_back(std::int32_t) { ++count_; }
    void resize(std::size_t count) { count_ = count; }
    std::size_t size() const { return count_; }

private:
    std::size_t count_ = 0;
};

}  // namespace

Result<WordPieceTokenizer> WordPieceTokenizer::load(const std::filesystem::path& folder) {
    const std::optional<std::string> text = read_file(folder / "vocab.txt");
    if (!text)
        return fail(ErrorCode::invalid_argument, "the model folder has no readable vocab.txt");
    auto vocabulary = std::make_unique<const Vocabulary>(lines_of(*text));
    for (const char* piece : {"[UNK]", "[CLS]", "[SEP]"}) {
        if (!vocabulary->id(piece)) {
            return fail(ErrorCode::invalid_argument, std::string("vocab.txt has no ") + piece);
        }
    }

    const json config = read_settings(folder / "tokenizer_config.json");
    const json sentence = read_settings(folder / "sentence_bert_config.json");
    if (config.is_discarded() || sentence.is_discarded()) {
        return fail(
            ErrorCode::invalid_argument, "the model's tokenizer settings are not JSON objects"
        );
    }
    WordPieceSettings settings;
    settings.lower_case = value_or(config, "do_lower_case", true);
    settings.strip_accents = value_or(config, "strip_accents", settings.lower_case);
    settings.split_chinese = value_or(config, "tokenize_chinese_chars", true);
    const auto own = value_or<std::size_t>(config, "model_max_length", 512);
    settings.max_tokens = value_or(sentence, "max_seq_length", own);
    if (settings.max_tokens < 3) {
        return fail(
            ErrorCode::invalid_argument, "the model reads no text: max_seq_length is below 3"
        );
    }
    return WordPieceTokenizer(std::move(vocabulary), settings);
}

WordPieceTokenizer::WordPieceTokenizer(
    std::unique_ptr<const Vocabulary> vocabulary, WordPieceSettings settings
)
    : vocabulary_(std::move(vocabulary)), settings_(settings) {
    for (const char* piece : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}) {
        if (const auto found = vocabulary_->id(piece)) specials_.push_back({piece, *found});
    }
    unknown_id_ = *vocabulary_->id("[UNK]");
    cls_id_ = *vocabulary_->id("[CLS]");
    sep_id_ = *vocabulary_->id("[SEP]");
}

WordPieceTokenizer::WordPieceTokenizer(WordPieceTokenizer&&) noexcept = default;
WordPieceTokenizer& WordPieceTokenizer::operator=(WordPieceTokenizer&&) noexcept = default;
WordPieceTokenizer::~WordPieceTokenizer() = default;

std::size_t WordPieceTokenizer::count(std::string_view text) const {
    CountingSink sink;
    each_piece(text, sink);
    return sink.size();
}

std::vector<std::int32_t> WordPieceTokenizer::encode(std::string_view text) const {
    std::vector<std::int32_t> ids;
    ids.reserve(text.size() / 4 + 1);
    each_piece(text, ids);
    return ids;
}

std::optional<std::int32_t> WordPieceTokenizer::id(std::string_view piece) const {
    return vocabulary_->id(piece);
}

std::size_t WordPieceTokenizer::vocabulary_size() const { return vocabulary_->size(); }

/// Names of special pieces are found before anything is normalised, so "[sep]" is three words.
template <class Sink>
void WordPieceTokenizer::each_piece(std::string_view text, Sink& sink) const {
    std::size_t start = 0;
    for (std::size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at)) {
        const std::string_view rest = text.substr(at);
        const auto special =
            std::find_if(specials_.begin(), specials_.end(), [&](const Special& s) {
                return rest.starts_with(s.text);
            });
        if (special == specials_.end()) {
            ++at;
            continue;
        }
        each_plain_piece(text.substr(start, at - start), sink);
        sink.push_back(special->id);
        at += special->text.size();
        start = at;
    }
    each_plain_piece(text.substr(start), sink);
}

template <class Sink>
void WordPieceTokenizer::each_plain_piece(std::string_view text, Sink& sink) const {
    BertWords words(text, settings_);
    std::string word;
    while (words.next(word)) {
        if (words.too_long() || !vocabulary_->cut(word, sink)) sink.push_back(unknown_id_);
    }
}

}  // namespace rag
