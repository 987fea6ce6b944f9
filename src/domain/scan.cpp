#include "scan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace rag::scan {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t code_point) {
    return std::any_of(ranges.begin(), ranges.end(), [code_point](const Range& range) {
        return code_point >= range.first && code_point <= range.last;
    });
}

constexpr std::array<Range, 33> kInvisible{{
    {0x00, 0x20},       {0x7F, 0xA0},       {0xAD, 0xAD},       {0x34F, 0x34F},
    {0x600, 0x605},     {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},
    {0x890, 0x891},     {0x8E2, 0x8E2},     {0x115F, 0x1160},   {0x1680, 0x1680},
    {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},   {0x2028, 0x202F},
    {0x205F, 0x206F},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xFFFE, 0xFFFF},   {0xFDD0, 0xFDEF},
    {0x1FFFE, 0x1FFFF},
}};

// Beyond ASCII nearly everything is a letter but these blocks of punctuation, signs and emoji.
constexpr std::array<Range, 14> kNoLetters{{
    {0x80, 0xA9},
    {0xAB, 0xB4},
    {0xB6, 0xB9},
    {0xBB, 0xBF},
    {0xD7, 0xD7},
    {0xF7, 0xF7},
    {0x2000, 0x206F},
    {0x20A0, 0x20CF},
    {0x2190, 0x2BFF},
    {0x2E00, 0x2E7F},
    {0x3000, 0x3004},
    {0x3008, 0x3020},
    {0xFE10, 0xFE6F},
    {0x1F000, 0x1FAFF},
}};

constexpr std::array<Range, 6> kFullWidthNoLetters{{
    {0xFF00, 0xFF0F},
    {0xFF10, 0xFF20},
    {0xFF3B, 0xFF40},
    {0xFF5B, 0xFF65},
    {0x30FB, 0x30FB},
    {0xFFE0, 0xFFEF},
}};

constexpr std::array<Range, 9> kEastAsian{{
    {0x1100, 0x11FF},
    {0x3005, 0x3007},
    {0x3040, 0x30FF},
    {0x3130, 0x318F},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xAC00, 0xD7AF},
    {0xF900, 0xFAFF},
    {0x20000, 0x323AF},
}};

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& place) {
    const auto lead = static_cast<unsigned char>(text[place++]);
    if (lead < 0xC0) return lead;
    const int following = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t code_point = lead & (0x3FU >> following);
    for (int i = 0; i < following && place < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[place]);
        if ((byte & 0xC0U) != 0x80U) break;
        code_point = (code_point << 6U) | (byte & 0x3FU);
        ++place;
    }
    return code_point;
}

char32_t lower(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c == 0x130) return 'i';
    if (c == 0x178) return 0xFF;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177)) return c | 1U;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return (c & 1U) != 0 ? c + 1 : c;
    if (c >= 0x391 && c <= 0x3A9) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    return c;
}

bool is_letter(char32_t c) {
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !within(kNoLetters, c) && !within(kFullWidthNoLetters, c) && !is_invisible(c);
}

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

bool is_space(char32_t c) {
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool is_invisible(char32_t c) {
    if (c > 0x20 && c < 0x7F) return false;
    return within(kInvisible, c);
}

bool is_east_asian(char32_t c) { return c >= 0x1100 && within(kEastAsian, c); }

void append_utf8(std::string& text, char32_t c) {
    const auto byte = [&text](char32_t value) { text.push_back(static_cast<char>(value)); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0U | (c >> 6U));
        byte(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        byte(0xE0U | (c >> 12U));
        byte(0x80U | ((c >> 6U) & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    } else {
        byte(0xF0U | (c >> 18U));
        byte(0x80U | ((c >> 12U) & 0x3FU));
        byte(0x80U | ((c >> 6U) & 0x3FU));
        byte(0x80U | (c & 0x3FU));
    }
}

std::vector<Word> words(std::string_view text, std::size_t words_max) {
    enum class Kind : std::uint8_t { none, letters, digits };
    std::vector<Word> found;
    Kind open = Kind::none;
    for (std::size_t place = 0; place < text.size();) {
        const std::size_t begin = place;
        const char32_t code_point = next_code_point(text, place);
        const Kind kind = is_digit(code_point)    ? Kind::digits
                          : is_letter(code_point) ? Kind::letters
                                                  : Kind::none;
        if (kind != open && kind != Kind::none) {
            if (found.size() == words_max) break;
            Word word;
            word.begin = begin;
            word.joined = open != Kind::none;
            word.capitalised = lower(code_point) != code_point;
            word.number = kind == Kind::digits ? 0 : -1;
            found.push_back(std::move(word));
        }
        open = kind;
        if (kind == Kind::none) continue;

        Word& word = found.back();
        append_utf8(word.text, lower(code_point));
        word.end = place;
        if (kind != Kind::digits || word.number < 0) continue;
        word.number =
            word.end - word.begin > 4 ? -1 : word.number * 10 + static_cast<int>(code_point - U'0');
    }
    return found;
}

}  // namespace rag::scan
