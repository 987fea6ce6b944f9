#include "text/segmenter.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "ascii.hpp"

namespace rag::text {
namespace {

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool closes_quote(char c) { return c == '"' || c == '\'' || c == ')' || c == ']'; }

bool ends_sentence(std::string_view text) {
    while (!text.empty() && closes_quote(text.back())) text.remove_suffix(1);
    return !text.empty() && std::string_view(".!?").find(text.back()) != std::string_view::npos;
}

/// What the white space `text[begin, end)` separates.
BreakKind kind_of_space(std::string_view text, std::size_t begin, std::size_t end) {
    const std::string_view space = text.substr(begin, end - begin);
    const auto lines = std::count(space.begin(), space.end(), '\n');
    if (lines > 1) return BreakKind::paragraph;
    if (lines == 1 || ends_sentence(text.substr(0, begin))) return BreakKind::sentence;
    return BreakKind::word;
}

/// In ASCII every character is a grapheme, and words are what white space separates.
std::vector<Break> ascii_breaks(std::string_view text) {
    std::vector<Break> breaks;
    if (text.empty()) return breaks;
    breaks.reserve(text.size() - 1);
    std::size_t space_begin = 0;
    for (std::size_t place = 1; place < text.size(); ++place) {
        const bool space_before = is_ascii_space(text[place - 1]);
        if (!space_before) space_begin = place;
        if (text[place - 1] == '\r' && text[place] == '\n') continue;
        const bool ends_space = space_before && !is_ascii_space(text[place]);
        breaks.push_back(
            {place, ends_space ? kind_of_space(text, space_begin, place) : BreakKind::character}
        );
    }
    return breaks;
}

// Longer ones are keys, sequences, encoded bytes.
constexpr std::size_t kWordLettersMax = 30;

bool is_ascii_letter(UChar32 c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Counts the characters of words. Within what Unicode takes for one word, full stops and
/// underlines separate: "java.util.concurrent.locks.ReentrantLock" is five.
class WordCharacters {
public:
    void add_letter() {
        ++run_;
        ++letters_;
    }
    void add_digit() { has_digit_ = true; }
    void add_mark() { run_ += run_ > 0 ? 1 : 0; }
    void end_word() {
        if (!has_digit_ && letters_ <= kWordLettersMax) counted_ += run_;
        run_ = 0;
        letters_ = 0;
        has_digit_ = false;
    }
    void add_word(std::size_t characters) { counted_ += characters; }

    std::size_t counted() const { return counted_; }

private:
    std::size_t counted_ = 0;
    std::size_t run_ = 0;  // Of the word that is open.
    std::size_t letters_ = 0;
    bool has_digit_ = false;
};

std::size_t ascii_characters_in_words(std::string_view text, std::size_t enough) {
    WordCharacters words;
    for (const char c : text) {
        if (is_ascii_letter(c)) {
            words.add_letter();
        } else if (c >= '0' && c <= '9') {
            words.add_digit();
        } else {
            words.end_word();
            if (words.counted() >= enough) return enough;
        }
    }
    words.end_word();
    return std::min(words.counted(), enough);
}

bool is_emoji(UChar32 c) {
    constexpr UChar32 kKeycap = 0x20E3;
    return c == kKeycap || u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) != 0 ||
           u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION) != 0;
}

/// Adds what lies between two boundaries of words.
void add_segment(std::string_view segment, WordCharacters& words) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(segment.data());
    std::size_t characters = 0;
    bool has_ascii = false;  // Letters or digits.
    bool has_letter = false;
    bool has_emoji = false;
    WordCharacters parts;
    for (std::size_t place = 0; place < segment.size(); ++characters) {
        UChar32 c = 0;
        U8_NEXT(bytes, place, segment.size(), c);
        if (c < 0) c = 0xFFFD;
        has_ascii = has_ascii || is_ascii_letter(c) || (c >= '0' && c <= '9');
        has_emoji = has_emoji || (c >= 0x80 && is_emoji(c));
        if (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) != 0) {
            has_letter = true;
            parts.add_letter();
        } else if (u_isdigit(c) != 0) {
            parts.add_digit();
        } else if ((U_GET_GC_MASK(c) & U_GC_M_MASK) != 0) {
            parts.add_mark();
        } else {
            parts.end_word();
        }
    }
    parts.end_word();
    // No encoding of bytes is made of letters beyond ASCII, and there are scripts that separate
    // neither words nor, here and there, sentences: of those every length is a word.
    const bool is_word = has_emoji || (has_letter && !has_ascii);
    words.add_word(is_word ? characters : parts.counted());
}

/// ICU's iterators, made when first needed. One set a thread: they hold the text they iterate.
class IcuBreaks {
public:
    std::vector<Break> read(std::string_view text) {
        std::vector<BreakKind> strongest(text.size(), BreakKind::character);
        mark(kWords, text, BreakKind::word, strongest);
        mark(kSentences, text, BreakKind::sentence, strongest);
        mark_paragraphs(text, strongest);

        std::vector<Break> breaks;
        for_each_break(kCharacters, text, [&](std::size_t place) {
            breaks.push_back({place, strongest[place]});
            return true;
        });
        return breaks;
    }

    std::size_t characters_in_words(std::string_view text, std::size_t enough) {
        WordCharacters words;
        std::size_t begin = 0;
        for_each_break(kDictionaryWords, text, [&](std::size_t place) {
            add_segment(text.substr(begin, place - begin), words);
            begin = place;
            return words.counted() < enough;
        });
        if (words.counted() < enough) add_segment(text.substr(begin), words);
        return std::min(words.counted(), enough);
    }

private:
    enum Iterator : std::size_t { kCharacters, kWords, kSentences, kDictionaryWords, kIterators };

    icu::BreakIterator* iterator(Iterator which) {
        std::unique_ptr<icu::BreakIterator>& made = iterators_[which];
        if (made) return made.get();
        UErrorCode status = U_ZERO_ERROR;
        const icu::Locale& root = icu::Locale::getRoot();
        switch (which) {
            case kCharacters:
                made.reset(icu::BreakIterator::createCharacterInstance(root, status));
                break;
            // Where lines may wrap: behind spaces and hyphens, and between words of scripts that
            // have no spaces.
            case kWords:
                made.reset(icu::BreakIterator::createLineInstance(root, status));
                break;
            case kDictionaryWords:
                made.reset(icu::BreakIterator::createWordInstance(root, status));
                break;
            default:
                made.reset(icu::BreakIterator::createSentenceInstance(root, status));
                break;
        }
        return made.get();
    }

    /// Until `visit` says false.
    template <class Visit>
    void for_each_break(Iterator which, std::string_view text, const Visit& visit) {
        icu::BreakIterator* breaks = iterator(which);
        UErrorCode status = U_ZERO_ERROR;
        UText opened = UTEXT_INITIALIZER;
        utext_openUTF8(&opened, text.data(), static_cast<std::int64_t>(text.size()), &status);
        if (breaks == nullptr || U_FAILURE(status)) return;
        breaks->setText(&opened, status);
        breaks->first();
        for (std::int32_t place = breaks->next(); place != icu::BreakIterator::DONE;
             place = breaks->next()) {
            if (static_cast<std::size_t>(place) >= text.size()) break;
            if (!visit(static_cast<std::size_t>(place))) break;
        }
        utext_close(&opened);
    }

    void mark(
        Iterator which, std::string_view text, BreakKind kind, std::vector<BreakKind>& strongest
    ) {
        for_each_break(which, text, [&](std::size_t place) {
            // A part does not begin with white space.
            if (!is_ascii_space(text[place])) strongest[place] = kind;
            return true;
        });
    }

    static void mark_paragraphs(std::string_view text, std::vector<BreakKind>& strongest) {
        std::size_t space_begin = 0;
        for (std::size_t place = 1; place < text.size(); ++place) {
            if (!is_ascii_space(text[place - 1])) {
                space_begin = place;
            } else if (!is_ascii_space(text[place]) && kind_of_space(text, space_begin, place) == BreakKind::paragraph) {
                strongest[place] = BreakKind::paragraph;
            }
        }
    }

    std::array<std::unique_ptr<icu::BreakIterator>, kIterators> iterators_;
};

class IcuSegmenter final : public Segmenter {
public:
    std::vector<Break> breaks(std::string_view text) const override {
        if (is_ascii(text)) return ascii_breaks(text);
        return icu_breaks().read(text);
    }

    std::size_t characters_in_words(std::string_view text, std::size_t enough) const override {
        if (is_ascii(text)) return ascii_characters_in_words(text, enough);
        return icu_breaks().characters_in_words(text, enough);
    }

private:
    static IcuBreaks& icu_breaks() {
        thread_local IcuBreaks breaks;
        return breaks;
    }
};

}  // namespace

std::unique_ptr<Segmenter> make_segmenter() { return std::make_unique<IcuSegmenter>(); }

}  // namespace rag::text
