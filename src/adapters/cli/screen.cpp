#include "screen.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "domain/time.hpp"
#include "encoding/utf8.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kWordBytesMin = 3;
constexpr std::string_view kStrong = "\x1b[1m";
constexpr std::string_view kFaint = "\x1b[2m";
constexpr std::string_view kHit = "\x1b[1;33m";
constexpr std::string_view kPlain = "\x1b[0m";

struct CodeRange {
    char32_t first;
    char32_t last;
};

/// Blocks that terminals show two columns wide, coarsely.
constexpr std::array kWide = {
    CodeRange{0x1100, 0x115F},
    CodeRange{0x2E80, 0x303E},
    CodeRange{0x3041, 0xA4CF},
    CodeRange{0xAC00, 0xD7A3},
    CodeRange{0xF900, 0xFAFF},
    CodeRange{0xFE30, 0xFE6F},
    CodeRange{0xFF00, 0xFF60},
    CodeRange{0xFFE0, 0xFFE6},
    CodeRange{0x1F300, 0x1F64F},
    CodeRange{0x1F900, 0x1F9FF},
    CodeRange{0x20000, 0x3FFFD},
};
constexpr std::array kCombining = {
    CodeRange{0x0300, 0x036F},
    CodeRange{0x0483, 0x0489},
    CodeRange{0x0591, 0x05BD},
    CodeRange{0x0610, 0x061A},
    CodeRange{0x064B, 0x065F},
    CodeRange{0x200B, 0x200F},
    CodeRange{0x20D0, 0x20FF},
    CodeRange{0xFE00, 0xFE0F},
    CodeRange{0xFE20, 0xFE2F},
};

template <std::size_t kCount>
bool is_in(const std::array<CodeRange, kCount>& ranges, char32_t code) {
    return std::ranges::any_of(ranges, [code](const CodeRange& range) {
        return code >= range.first && code <= range.last;
    });
}

/// Bytes of the first character; of what is no UTF-8, one.
std::size_t first_length(std::string_view text) {
    return std::max<std::size_t>(1, encoding::utf8_sequence(text));
}

std::size_t width_of_one(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (lead < 0x80) return 1;
    char32_t code = lead & (0xFFU >> (character.size() + 1));
    for (const char byte : character.substr(1)) {
        code = (code << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    if (is_in(kCombining, code)) return 0;
    return is_in(kWide, code) ? 2 : 1;
}

/// The next piece that is not broken inside: a wide character, or all up to a space or to one.
std::size_t piece_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && text[length] != ' ') {
        const std::string_view character = text.substr(length, first_length(text.substr(length)));
        if (width_of_one(character) == 2) return length == 0 ? character.size() : length;
        length += character.size();
    }
    return length;
}

bool is_letter(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string marked(std::string_view mark, std::string_view text, const Terminal& terminal) {
    if (!terminal.colours || text.empty()) return std::string(text);
    return std::string(mark) + std::string(text) + std::string(kPlain);
}

}  // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const std::size_t length = first_length(text);
        width += width_of_one(text.substr(0, length));
        text.remove_prefix(length);
    }
    return width;
}

std::string wrapped(
    std::string_view text, std::size_t columns, std::size_t indent, std::size_t at
) {
    if (columns == 0) return std::string(text);
    std::string out;
    std::size_t used = at;
    bool fresh = true;  // Nothing stands in this line yet.
    std::size_t spaces = 0;
    while (!text.empty()) {
        if (text.front() == ' ') {
            ++spaces;
            text.remove_prefix(1);
            continue;
        }
        const std::string_view piece = text.substr(0, piece_length(text));
        const std::size_t width = width_of(piece);
        if (!fresh && used + spaces + width > columns) {
            out += "\n" + std::string(indent, ' ');
            used = indent;
            spaces = 0;
        }
        out += std::string(spaces, ' ');
        out += piece;
        used += spaces + width;
        fresh = false;
        spaces = 0;
        text.remove_prefix(piece.size());
    }
    return out;
}

std::string shortened(std::string_view line, std::size_t columns) {
    if (width_of(line) <= columns) return std::string(line);
    std::size_t end = 0;
    for (std::size_t used = 0; end < line.size();) {
        const std::size_t length = first_length(line.substr(end));
        used += width_of_one(line.substr(end, length));
        if (used + 1 > columns) break;
        end += length;
    }
    std::string text(line.substr(0, end));
    const std::size_t space = text.rfind(' ');
    const bool inside = end < line.size() && line[end] != ' ';
    if (inside && space != std::string::npos && space > text.size() / 2) text.resize(space);
    while (text.ends_with(' ')) text.pop_back();
    return text + "…";
}

std::string local_time(std::string_view time) {
    const std::optional<Timestamp> moment = parse_timestamp(time);
    if (!moment) return std::string(time);
    const auto seconds =
        static_cast<std::time_t>(moment->ms >= 0 ? moment->ms / 1'000 : (moment->ms - 999) / 1'000);
    std::tm parts{};
    if (::localtime_r(&seconds, &parts) == nullptr) return std::string(time);
    std::array<char, 64> text{};
    if (std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M %Z", &parts) == 0) {
        return std::string(time);
    }
    return text.data();
}

std::string strong(std::string_view text, const Terminal& terminal) {
    return marked(kStrong, text, terminal);
}

std::string faint(std::string_view text, const Terminal& terminal) {
    return marked(kFaint, text, terminal);
}

std::string with_hits(
    std::string_view text, const std::vector<std::string>& words, const Terminal& terminal
) {
    if (!terminal.colours) return std::string(text);
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_letter(text[end])) ++end;
        if (end == i) {
            out += text[i++];
            continue;
        }
        std::string word(text.substr(i, end - i));
        std::ranges::transform(word, word.begin(), lower);
        const bool hit = std::ranges::any_of(words, [&word](const std::string& wanted) {
            return word.starts_with(wanted);
        });
        const std::string_view shown = text.substr(i, end - i);
        out += hit ? marked(kHit, shown, terminal) : std::string(shown);
        i = end;
    }
    return out;
}

std::vector<std::string> words_of(std::string_view question) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : std::string(question) + " ") {
        if (is_letter(c)) {
            word += lower(c);
            continue;
        }
        if (word.size() >= kWordBytesMin) words.push_back(word);
        word.clear();
    }
    return words;
}

}  // namespace rag::cli
