#include "text/analyzer.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <array>
#include <cstring>
#include <optional>

#include "ascii.hpp"
#include "folding.hpp"
#include "stemming.hpp"
#include "stop_words.hpp"
#include "term_collector.hpp"

namespace rag::text {
namespace {

// Raise it whenever a text would give other terms than before.
constexpr std::uint32_t kAnalyzerVersion = 1;
constexpr std::uint32_t kLanguagesMax = 256;

// Longer words are keys, hashes and the like: found by their beginning, not stemmed.
constexpr std::size_t kTermBytesMax = 128;
constexpr std::size_t kStemmedBytesMax = 64;

/// What the analyzer was configured for.
struct Language {
    std::uint32_t number = 0;      // 0: auto.
    std::string name = "english";  // Of the stop words, and of what Latin script is taken for.
    Algorithm latin;
    Algorithm own;  // Stems its own script, whatever that is.

    std::optional<Algorithm> algorithm_for(Script script) const {
        if (script == script_of(own)) return own;
        return script == Script::latin ? latin : default_algorithm(script);
    }
    bool is_english() const { return name == "english"; }
};

/// Words of ASCII letters and what becomes of them: a text uses the same few over and over. One
/// of each thread, so nothing is locked.
class WordCache {
public:
    struct Entry {
        std::array<char, 24> word;
        std::array<char, 24> term;
        std::uint8_t word_size = 0;  // 0: free.
        std::uint8_t term_size = 0;
        bool stop = false;
        std::uint32_t language = 0;
    };

    static constexpr std::size_t kWordMax = 24;

    Entry& entry_of(std::string_view word, std::uint32_t language) {
        std::uint64_t hash = language;
        for (const char letter : word) {
            hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3U;
        }
        return entries_[(hash ^ (hash >> 29U)) % kEntries];
    }

    static bool holds(const Entry& entry, std::string_view word, std::uint32_t language) {
        return entry.word_size == word.size() && entry.language == language &&
               std::memcmp(entry.word.data(), word.data(), word.size()) == 0;
    }

private:
    static constexpr std::size_t kEntries = 4'096;
    std::vector<Entry> entries_{kEntries};
};

struct AsciiTable {
    std::array<char, 128> lower{};  // NUL: no part of a word.
    constexpr AsciiTable() {
        for (char letter = 'a'; letter <= 'z'; ++letter) {
            lower[static_cast<std::size_t>(letter)] = letter;
            lower[static_cast<std::size_t>(letter - 'a' + 'A')] = letter;
        }
        for (char digit = '0'; digit <= '9'; ++digit) {
            lower[static_cast<std::size_t>(digit)] = digit;
        }
        lower['_'] = '_';
    }
};
constexpr AsciiTable kAscii;

/// Reads one text. The object is kept for the next text of the same thread, for its buffers.
class TermReader {
public:
    std::vector<Term> read(std::string_view text, const Language& language) {
        language_ = &language;
        terms_.clear();
        if (is_ascii(text)) {
            scan(text);
        } else {
            scan(fold_case(text));
        }
        return terms_.take();
    }

private:
    using Size = std::size_t;

    void scan(std::string_view text) {
        Size place = 0;
        while (place < text.size()) {
            const auto byte = static_cast<unsigned char>(text[place]);
            if (byte < 0x80U) {
                if (const char lower = kAscii.lower[byte]; lower != '\0') {
                    add_to(CharacterClass::word);
                    run_.push_back(lower);
                    ++place;
                } else {
                    close();
                    place += possessive_at(text, place, 1) ? 2 : 1;
                }
                continue;
            }
            place = scan_beyond_ascii(text, place);
        }
        close();
    }

    Size scan_beyond_ascii(std::string_view text, Size place) {
        constexpr UChar32 kApostrophe = 0x2019;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
        const Size begin = place;
        UChar32 code_point = 0;
        U8_NEXT(bytes, place, text.size(), code_point);
        if (code_point < 0) code_point = 0xFFFD;

        const CharacterClass kind = class_of(code_point);
        if (kind == CharacterClass::separator) {
            close();
            if (code_point == kApostrophe && possessive_at(text, begin, place - begin)) ++place;
            return place;
        }
        add_to(kind);
        if (u_charType(code_point) == U_DECIMAL_DIGIT_NUMBER) {
            run_.push_back(static_cast<char>('0' + u_charDigitValue(code_point)));
            return place;
        }
        beyond_ascii_ = true;
        if (script_ == Script::other) script_ = script_of_character(code_point);
        run_.append(text.substr(begin, place - begin));
        return place;
    }

    /// "'s" and no letter after it, the apostrophe `size` bytes long.
    static bool possessive_at(std::string_view text, Size place, Size size) {
        if (size == 1 && text[place] != '\'') return false;
        const Size letter = place + size;
        if (letter >= text.size() || (text[letter] != 's' && text[letter] != 'S')) return false;
        if (letter + 1 == text.size()) return true;
        const auto after = static_cast<unsigned char>(text[letter + 1]);
        if (after < 0x80U) return kAscii.lower[after] == '\0';
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
        Size next = letter + 1;
        UChar32 code_point = 0;
        U8_NEXT(bytes, next, text.size(), code_point);
        return code_point < 0 || class_of(code_point) == CharacterClass::separator;
    }

    /// Goes on with the open run if it is of this kind, else closes it.
    void add_to(CharacterClass kind) {
        if (kind_ == kind) return;
        close();
        kind_ = kind;
    }

    void close() {
        if (!run_.empty()) {
            switch (kind_) {
                case CharacterClass::word:
                    add_word(run_);
                    break;
                case CharacterClass::east_asian:
                    add_pairs();
                    break;
                case CharacterClass::unspaced:
                    add_dictionary_words();
                    break;
                case CharacterClass::separator:
                    break;
            }
        }
        run_.clear();
        kind_ = CharacterClass::separator;
        script_ = Script::other;
        beyond_ascii_ = false;
    }

    void add_word(std::string_view word) {
        if (beyond_ascii_) {
            add_foreign_word(word);
        } else if (word.size() <= WordCache::kWordMax) {
            add_cached(word);
        } else {
            terms_.add(make_term(word, Script::latin));
        }
    }

    void add_cached(std::string_view word) {
        WordCache::Entry& entry = cache_.entry_of(word, language_->number);
        if (!WordCache::holds(entry, word, language_->number)) {
            const bool stop = is_stop_word(language_->name, word);
            const std::string_view term = stop ? word : make_term(word, Script::latin);
            if (term.size() > entry.term.size()) {  // Some stemmers lengthen a word.
                terms_.add(term);
                return;
            }
            std::memcpy(entry.word.data(), word.data(), word.size());
            std::memcpy(entry.term.data(), term.data(), term.size());
            entry.word_size = static_cast<std::uint8_t>(word.size());
            entry.term_size = static_cast<std::uint8_t>(term.size());
            entry.language = language_->number;
            entry.stop = stop;
        }
        const std::string_view term(entry.term.data(), entry.term_size);
        if (entry.stop) {
            terms_.add_stop_word(term);
        } else {
            terms_.add(term);
        }
    }

    /// English is written without accents, so there they go before the stem is taken; elsewhere
    /// the stemmer needs them, and they go after it.
    void add_foreign_word(std::string_view word) {
        if (is_stop_word(language_->name, word)) {
            terms_.add_stop_word(word);
            return;
        }
        const bool stem_first = script_ == Script::latin && !language_->is_english();
        if (stem_first) {
            terms_.add(fold_accents(make_term(word, script_)));
            return;
        }
        const std::string folded = fold_accents(word);
        if (is_ascii(folded) && is_stop_word(language_->name, folded)) {
            terms_.add_stop_word(folded);
        } else {
            terms_.add(make_term(folded, script_));
        }
    }

    std::string_view make_term(std::string_view word, Script script) const {
        if (word.size() > kStemmedBytesMax) return shortened(word);
        const auto algorithm = language_->algorithm_for(script);
        if (!algorithm) return word;
        const std::string_view stemmed = stem(*algorithm, word);
        return stemmed.empty() ? word : stemmed;
    }

    static std::string_view shortened(std::string_view word) {
        if (word.size() <= kTermBytesMax) return word;
        Size end = kTermBytesMax;
        while ((static_cast<unsigned char>(word[end]) & 0xC0U) == 0x80U) --end;
        return word.substr(0, end);
    }

    /// Each pair of neighbours, and each Han character, which is often a word by itself.
    void add_pairs() {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(run_.data());
        Size before = 0;
        bool first = true;
        for (Size place = 0; place < run_.size();) {
            const Size begin = place;
            UChar32 code_point = 0;
            U8_NEXT(bytes, place, run_.size(), code_point);
            const bool alone = first && place == run_.size();
            if (alone || is_han(code_point)) terms_.add(view(begin, place));
            if (!first) terms_.add(view(before, place));
            before = begin;
            first = false;
        }
    }

    void add_dictionary_words() {
        icu::BreakIterator* words = word_breaks();
        UErrorCode status = U_ZERO_ERROR;
        UText opened = UTEXT_INITIALIZER;
        utext_openUTF8(&opened, run_.data(), static_cast<std::int64_t>(run_.size()), &status);
        if (words == nullptr || U_FAILURE(status)) {
            terms_.add(shortened(run_));
            return;
        }
        words->setText(&opened, status);
        std::int32_t begin = words->first();
        for (std::int32_t end = words->next(); end != icu::BreakIterator::DONE;
             end = words->next()) {
            terms_.add(shortened(view(static_cast<Size>(begin), static_cast<Size>(end))));
            begin = end;
        }
        utext_close(&opened);
    }

    /// Loading the dictionaries takes a while, so this happens with the first such text.
    icu::BreakIterator* word_breaks() {
        if (!word_breaks_) {
            UErrorCode status = U_ZERO_ERROR;
            word_breaks_.reset(
                icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status)
            );
        }
        return word_breaks_.get();
    }

    std::string_view view(Size begin, Size end) const {
        return std::string_view(run_).substr(begin, end - begin);
    }

    const Language* language_ = nullptr;
    TermCollector terms_;
    WordCache cache_;
    std::unique_ptr<icu::BreakIterator> word_breaks_;

    std::string run_;  // Neighbouring characters of one kind.
    CharacterClass kind_ = CharacterClass::separator;
    Script script_ = Script::other;  // Of its first letter that is not ASCII.
    bool beyond_ascii_ = false;
};

class IcuTermAnalyzer final : public TermAnalyzer {
public:
    explicit IcuTermAnalyzer(Language language) : language_(std::move(language)) {}

    std::vector<Term> analyze(std::string_view text) const override {
        // Stemmers, break iterators and the cache change while they are used.
        thread_local TermReader reader;
        return reader.read(text, language_);
    }

    std::uint32_t version() const override {
        return kAnalyzerVersion * kLanguagesMax + language_.number;
    }

private:
    Language language_;
};

}  // namespace

Result<std::unique_ptr<TermAnalyzer>> make_analyzer(std::string_view language) {
    const Algorithm english = *find_algorithm("english");
    if (language == "auto") {
        return std::make_unique<IcuTermAnalyzer>(Language{0, "english", english, english});
    }
    const auto own = find_algorithm(language);
    if (!own) {
        return fail(
            ErrorCode::invalid_argument,
            "no such language; there are auto, " + snowball_names(),
            "/TEXT_LANGUAGE"
        );
    }
    const Algorithm latin = script_of(*own) == Script::latin ? *own : english;
    const std::string name = latin == *own ? std::string(language) : "english";
    return std::make_unique<IcuTermAnalyzer>(Language{*own + 1U, name, latin, *own});
}

}  // namespace rag::text
