#include "text/normalize.hpp"

#include <unicode/bytestream.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <cstdint>
#include <utility>

#include "ascii.hpp"
#include "normalizers.hpp"

namespace rag::text {

std::string nfc(std::string_view text) {
    if (is_ascii(text)) return std::string(text);

    UErrorCode status = U_ZERO_ERROR;
    std::string normalized;
    icu::StringByteSink<std::string> sink(&normalized, static_cast<std::int32_t>(text.size()));
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    nfc_normalizer().normalizeUTF8(0, piece, sink, nullptr, status);
    return U_SUCCESS(status) ? normalized : std::string(text);
}

namespace {

/// Whether a mark behind a letter of that script only points or accents it; in others (Thai,
/// Japanese, Devanagari) it makes another letter.
bool is_accented_script(UScriptCode script) {
    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

/// Hebrew points and cantillation marks, Arabic harakat.
bool is_vowel_point(UChar32 mark) {
    return (mark >= 0x0591 && mark <= 0x05C7) || (mark >= 0x064B && mark <= 0x0652) ||
           mark == 0x0670;
}

/// Of decomposed, case-folded text.
icu::UnicodeString without_accents(const icu::UnicodeString& text) {
    icu::UnicodeString folded;
    UScriptCode script = USCRIPT_COMMON;  // Of the letter that marks stand behind.
    bool blank = true;                    // So that none begins the text.
    for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
        const UChar32 point = text.char32At(at);
        if (u_isUWhiteSpace(point)) {
            if (!std::exchange(blank, true)) folded.append(static_cast<UChar32>(' '));
            continue;
        }
        blank = false;
        if (u_charType(point) == U_NON_SPACING_MARK) {
            if (is_accented_script(script) || is_vowel_point(point)) continue;
        } else {
            UErrorCode status = U_ZERO_ERROR;
            script = uscript_getScript(point, &status);
        }
        folded.append(point);
    }
    if (folded.endsWith(icu::UnicodeString(static_cast<UChar32>(' ')))) {
        folded.truncate(folded.length() - 1);
    }
    return folded;
}

}  // namespace

std::string fold(std::string_view text) {
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString folded;
    nfkc_casefold_normalizer().normalize(icu::UnicodeString::fromUTF8(piece), folded, status);
    icu::UnicodeString decomposed;
    nfd_normalizer().normalize(folded, decomposed, status);
    icu::UnicodeString composed;
    nfc_normalizer().normalize(without_accents(decomposed), composed, status);
    if (U_FAILURE(status)) return std::string(text);
    std::string made;
    composed.toUTF8String(made);
    return made;
}

std::optional<std::string> comparison_form(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return fold(*text);
}

std::optional<std::string> author_form(const std::optional<std::string>& author_type) {
    if (!author_type) return std::nullopt;
    // Nearly all are known words, which need no folding.
    return author_word(author_class(*author_type) ? *author_type : fold(*author_type));
}

Filter comparison_form(Filter filter) {
    for (const auto text : kFilterTexts) filter.*text = comparison_form(filter.*text);
    filter.author_type = author_form(filter.author_type);
    return filter;
}

}  // namespace rag::text
