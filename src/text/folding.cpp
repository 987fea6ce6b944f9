#include "folding.hpp"

#include <unicode/bytestream.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <array>
#include <utility>

#include "normalizers.hpp"

namespace rag::text {
namespace {

UScriptCode script_code(UChar32 code_point) {
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode code = uscript_getScript(code_point, &status);
    return U_SUCCESS(status) ? code : USCRIPT_COMMON;
}

// Letters that Unicode does not take apart, and how people type them.
constexpr std::array<std::pair<char16_t, std::u16string_view>, 12> kPlainLetters{{
    {u'æ', u"ae"},
    {u'œ', u"oe"},
    {u'ø', u"o"},
    {u'đ', u"d"},
    {u'ð', u"d"},
    {u'ħ', u"h"},
    {u'ı', u"i"},
    {u'ł', u"l"},
    {u'ŋ', u"n"},
    {u'ŧ', u"t"},
    {u'þ', u"th"},
    {u'ß', u"ss"},
}};

bool append_plain_letter(icu::UnicodeString& text, UChar32 letter) {
    for (const auto& [accented, plain] : kPlainLetters) {
        if (static_cast<UChar32>(accented) != letter) continue;
        text.append(plain.data(), static_cast<std::int32_t>(plain.size()));
        return true;
    }
    return false;
}

bool loses_mark(UScriptCode base, UChar32 mark) {
    constexpr UChar32 kAcute = 0x301;      // Stress, in Cyrillic.
    constexpr UChar32 kDiaeresis = 0x308;  // ё is often written е; й and и stay different.
    if (base == USCRIPT_CYRILLIC) return mark == kAcute || mark == kDiaeresis;
    return base == USCRIPT_LATIN || base == USCRIPT_GREEK || base == USCRIPT_ARABIC ||
           base == USCRIPT_HEBREW;
}

}  // namespace

CharacterClass class_of(UChar32 code_point) {
    constexpr UChar32 kProlongedSound = 0x30FC;  // Belongs to both kana, so to no script.
    if (code_point == kProlongedSound) return CharacterClass::east_asian;
    const auto type = u_charType(code_point);
    const std::uint32_t mask = U_MASK(type);
    if ((mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_PC_MASK)) == 0) {
        return CharacterClass::separator;
    }
    switch (script_code(code_point)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_HANGUL:
        case USCRIPT_BOPOMOFO:
            return CharacterClass::east_asian;
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
            return CharacterClass::unspaced;
        default:
            return CharacterClass::word;
    }
}

Script script_of_character(UChar32 code_point) {
    switch (script_code(code_point)) {
        case USCRIPT_LATIN:
            return Script::latin;
        case USCRIPT_CYRILLIC:
            return Script::cyrillic;
        case USCRIPT_GREEK:
            return Script::greek;
        case USCRIPT_ARABIC:
            return Script::arabic;
        case USCRIPT_DEVANAGARI:
            return Script::devanagari;
        case USCRIPT_TAMIL:
            return Script::tamil;
        case USCRIPT_ARMENIAN:
            return Script::armenian;
        default:
            return Script::other;
    }
}

bool is_han(UChar32 code_point) { return script_code(code_point) == USCRIPT_HAN; }

std::string fold_case(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    std::string folded;
    icu::StringByteSink<std::string> sink(&folded, static_cast<std::int32_t>(text.size()));
    const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
    nfkc_casefold_normalizer().normalizeUTF8(0, piece, sink, nullptr, status);
    return U_SUCCESS(status) ? folded : std::string(text);
}

std::string fold_accents(std::string_view word) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString decomposed = nfd_normalizer().normalize(
        icu::UnicodeString::fromUTF8({word.data(), static_cast<std::int32_t>(word.size())}), status
    );
    icu::UnicodeString kept;
    UScriptCode base = USCRIPT_COMMON;
    for (std::int32_t place = 0; place < decomposed.length();) {
        const UChar32 code_point = decomposed.char32At(place);
        place += U16_LENGTH(code_point);
        if (u_charType(code_point) == U_NON_SPACING_MARK) {
            if (!loses_mark(base, code_point)) kept.append(code_point);
            continue;
        }
        base = script_code(code_point);
        if (base != USCRIPT_LATIN || !append_plain_letter(kept, code_point))
            kept.append(code_point);
    }
    std::string folded;
    nfc_normalizer().normalize(kept, status).toUTF8String(folded);
    return U_SUCCESS(status) ? folded : std::string(word);
}

}  // namespace rag::text
