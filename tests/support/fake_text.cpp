#include "support/fake_text.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace rag::test {
namespace {

bool is_letter(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

bool is_space(char character) { return character == ' ' || character == '\n'; }

char lower(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A'))
                                                : character;
}

BreakKind kind_at(std::string_view text, std::size_t place) {
    if (!is_space(text[place - 1]) || is_space(text[place])) return BreakKind::character;
    std::size_t newlines = 0;
    std::size_t before = place;
    for (; before > 0 && is_space(text[before - 1]); --before) newlines += text[before - 1] == '\n';
    if (newlines >= 2) return BreakKind::paragraph;
    return before > 0 && text[before - 1] == '.' ? BreakKind::sentence : BreakKind::word;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool inside = false;
    for (const char character : text) {
        if (!is_letter(character)) {
            inside = false;
            continue;
        }
        if (!inside) words.emplace_back();
        inside = true;
        words.back() += lower(character);
    }
    return words;
}

bool is_stop_word(std::string_view word) {
    static constexpr std::array kStopWords{"a", "at", "is", "the", "to", "what", "when", "who"};
    return std::ranges::find(kStopWords, word) != kStopWords.end();
}

std::vector<Break> FakeSegmenter::breaks(std::string_view text) const {
    std::vector<Break> found;
    for (std::size_t place = 1; place < text.size(); ++place) {
        if ((static_cast<unsigned char>(text[place]) & 0xC0) == 0x80) continue;
        found.push_back({place, kind_at(text, place)});
    }
    return found;
}

std::size_t FakeSegmenter::characters_in_words(std::string_view text, std::size_t enough) const {
    std::size_t characters = 0;
    for (const std::string& word : words_of(text)) {
        if (word.find_first_of("0123456789") == std::string::npos) characters += word.size();
    }
    return std::min(characters, enough);
}

std::vector<Term> FakeAnalyzer::analyze(std::string_view text) const {
    std::map<std::string, std::uint32_t> counts;
    for (std::string& word : words_of(text)) ++counts[std::move(word)];
    std::vector<Term> terms;
    for (const auto& [word, count] : counts) terms.push_back({word, count, is_stop_word(word)});
    return terms;
}

}  // namespace rag::test
