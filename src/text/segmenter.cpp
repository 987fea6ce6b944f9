#include "text/segmenter.hpp"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

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
        });
        return breaks;
    }

private:
    enum Iterator : std::size_t { kCharacters, kWords, kSentences, kIterators };

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
            default:
                made.reset(icu::BreakIterator::createSentenceInstance(root, status));
                break;
        }
        return made.get();
    }

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
            if (static_cast<std::size_t>(place) < text.size())
                visit(static_cast<std::size_t>(place));
        }
        utext_close(&opened);
    }

    void mark(
        Iterator which, std::string_view text, BreakKind kind, std::vector<BreakKind>& strongest
    ) {
        for_each_break(which, text, [&](std::size_t place) {
            // A part does not begin with white space.
            if (!is_ascii_space(text[place])) strongest[place] = kind;
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
        thread_local IcuBreaks icu_breaks;
        return icu_breaks.read(text);
    }
};

}  // namespace

std::unique_ptr<Segmenter> make_segmenter() { return std::make_unique<IcuSegmenter>(); }

}  // namespace rag::text
