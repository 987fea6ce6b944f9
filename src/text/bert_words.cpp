#include "bert_words.hpp"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <utility>

#include "normalizers.hpp"

namespace rag {
namespace {

constexpr char kDropped = 0;

/// What becomes of an ASCII character: itself, its lower case, a space, or nothing.
constexpr std::array<char, 128> make_ascii(bool lower_case) {
    std::array<char, 128> table{};
    for (int c = 0; c < 128; ++c) {
        char& entry = table[static_cast<std::size_t>(c)];
        if (c == '\t' || c == '\n' || c == '\r' || c == ' ') {
            entry = ' ';
        } else if (c < 32 || c == 127) {
            entry = kDropped;
        } else {
            entry = static_cast<char>(lower_case && c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
    }
    return table;
}
constexpr std::array<char, 128> kAsciiLower = make_ascii(true);
constexpr std::array<char, 128> kAsciiAsIs = make_ascii(false);

bool is_ascii_punctuation(char32_t c) {
    return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) ||
           (c >= 123 && c <= 126);
}

bool is_chinese(char32_t c) {
    // The reference leaves out 2B820..2B91F, which are as Chinese as their neighbours.
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B81F) ||
           (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x2F800 && c <= 0x2FA1F);
}

/// The category as the reference knows it: by Unicode 8.0. What came later is unassigned for it,
/// and some characters had another category then.
std::int8_t category(char32_t c) {
    switch (c) {
        case 0x166D:
        case 0x111C9:
            return U_OTHER_PUNCTUATION;
        case 0x1734:
            return U_NON_SPACING_MARK;
        case 0x1885:
        case 0x1886:
            return U_OTHER_LETTER;
        case 0xA9BD:
            return U_COMBINING_SPACING_MARK;
        default:
            break;
    }
    const auto point = static_cast<UChar32>(c);
    UVersionInfo age;
    u_charAge(point, age);
    return age[0] > 8 ? static_cast<std::int8_t>(U_UNASSIGNED) : u_charType(point);
}

/// Newer than the decompositions that the reference knows.
bool is_new(char32_t c) {
    UVersionInfo age;
    u_charAge(static_cast<UChar32>(c), age);
    return age[0] > 8;
}

bool is_removed(char32_t c) {
    if (c == 0xFFFD) return true;
    const std::int8_t type = category(c);
    return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_PRIVATE_USE_CHAR ||
           type == U_SURROGATE;
}

bool is_alone(char32_t c) {
    if (c < 128) return is_ascii_punctuation(c);
    return (U_MASK(category(c)) & U_GC_P_MASK) != 0;
}

/// Lower case of one character. The reference knows Unicode 17, which ICU may not.
char32_t lower(char32_t c) {
    if (c >= 0x10D50 && c <= 0x10D65) return c + 0x20;
    if (c >= 0x16EA0 && c <= 0x16EB8) return c + 0x1B;
    switch (c) {
        case 0x1C89:
        case 0xA7CC:
        case 0xA7CE:
        case 0xA7D2:
        case 0xA7D4:
        case 0xA7DA:
            return c + 1;
        case 0xA7CB:
            return 0x264;
        case 0xA7DC:
            return 0x19B;
        default:
            return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
    }
}

// ICU's macros narrow without a cast.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
/// Moves `place` behind the next character; U+FFFD where the bytes are not UTF-8.
char32_t next_code_point(std::string_view text, std::size_t& place) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), place, text.size(), c);
    return static_cast<char32_t>(c);
}

void append_utf8(std::string& text, char32_t c) {
    if (c < 128) {
        text.push_back(static_cast<char>(c));
        return;
    }
    std::array<char, U8_MAX_LENGTH> bytes;
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    text.append(bytes.data(), static_cast<std::size_t>(length));
}
#pragma GCC diagnostic pop

}  // namespace

bool BertWords::next(std::string& word) {
    word.clear();
    characters_ = 0;
    while (true) {
        const char32_t c = held_ != kNothing ? std::exchange(held_, kNothing) : next_character();
        if (c == kEnd) return characters_ > 0;
        if (c == ' ') {
            if (characters_ > 0) return true;
            continue;
        }
        const bool alone = is_alone(c);
        if (alone && characters_ > 0) {
            held_ = c;
            return true;
        }
        if (++characters_ <= kCharactersMax) append_utf8(word, c);
        if (alone) return true;
    }
}

char32_t BertWords::next_character() {
    const std::array<char, 128>& ascii = settings_.lower_case ? kAsciiLower : kAsciiAsIs;
    while (ready_place_ == ready_.size()) {
        if (place_ == text_.size()) return kEnd;
        const auto byte = static_cast<unsigned char>(text_[place_]);
        if (byte >= 128) {
            read_run();
            continue;
        }
        ++place_;
        if (ascii[byte] != kDropped) return static_cast<unsigned char>(ascii[byte]);
    }
    return ready_[ready_place_++];
}

/// Makes `ready_` from characters beyond ASCII. A run ends before the next one that is ASCII, or
/// after some characters where no accent can be torn from the marks that it is ordered among.
void BertWords::read_run() {
    constexpr std::size_t kRunLength = 32;
    run_.clear();
    while (place_ < text_.size() && static_cast<unsigned char>(text_[place_]) >= 128) {
        if (run_.size() >= kRunLength && run_.back().combining_class == 0) break;
        const char32_t character = next_code_point(text_, place_);
        if (is_removed(character)) continue;
        if (u_isUWhiteSpace(static_cast<UChar32>(character))) {
            run_.push_back({' ', 0});
            continue;
        }
        const bool chinese = settings_.split_chinese && is_chinese(character);
        if (chinese) run_.push_back({' ', 0});
        decompose(character);
        if (chinese) run_.push_back({' ', 0});
    }
    order_marks();

    ready_.clear();
    ready_place_ = 0;
    for (const Mark& mark : run_) {
        if (settings_.strip_accents && category(mark.character) == U_NON_SPACING_MARK) continue;
        if (settings_.lower_case && mark.character == 0x130) {
            ready_.insert(ready_.end(), {'i', 0x307});
            continue;
        }
        ready_.push_back(settings_.lower_case ? lower(mark.character) : mark.character);
    }
}

void BertWords::decompose(char32_t character) {
    const auto point = static_cast<UChar32>(character);
    icu::UnicodeString parts;
    if (!settings_.strip_accents || is_new(character) ||
        !text::nfd_normalizer().getDecomposition(point, parts)) {
        run_.push_back(
            {character, settings_.strip_accents ? u_getCombiningClass(point) : std::uint8_t{0}}
        );
        return;
    }
    for (std::int32_t place = 0; place < parts.length();) {
        const UChar32 part = parts.char32At(place);
        place += U16_LENGTH(part);
        run_.push_back({static_cast<char32_t>(part), u_getCombiningClass(part)});
    }
}

/// Canonical order: marks between two starters ascend by class, equal ones stay as they were.
void BertWords::order_marks() {
    const auto starts = [](const Mark& mark) { return mark.combining_class == 0; };
    for (auto from = run_.begin(); from != run_.end();) {
        from = std::find_if_not(from, run_.end(), starts);
        const auto to = std::find_if(from, run_.end(), starts);
        std::stable_sort(from, to, [](const Mark& a, const Mark& b) {
            return a.combining_class < b.combining_class;
        });
        from = to;
    }
}

}  // namespace rag
