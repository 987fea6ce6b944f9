#include "env_file.hpp"

#include <algorithm>

namespace rag {
namespace {

constexpr std::string_view kBlank = " \t";

std::string_view trim_left(std::string_view text) {
    const std::size_t start = text.find_first_not_of(kBlank);
    return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

std::string_view trim_right(std::string_view text) {
    const std::size_t last = text.find_last_not_of(kBlank);
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

bool is_name(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return !text.empty() && letter(text.front()) &&
           std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c); });
}

std::string_view bare_value(std::string_view rest) {
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '#' && kBlank.find(rest[i - 1]) != std::string_view::npos) {
            return trim_right(rest.substr(0, i));
        }
    }
    return trim_right(rest);
}

std::string unescape(char c) {
    switch (c) {
        case 'n':
            return "\n";
        case 'r':
            return "\r";
        case 't':
            return "\t";
        case '"':
        case '\\':
        case '$':
            return std::string(1, c);
        default:
            return std::string("\\") + c;
    }
}

/// `rest` begins with the quote.
void quoted_value(std::string_view rest, EnvLine& line) {
    const char quote = rest.front();
    std::size_t i = 1;
    for (; i < rest.size() && rest[i] != quote; ++i) {
        if (quote == '"' && rest[i] == '\\' && i + 1 < rest.size()) {
            line.value += unescape(rest[++i]);
        } else {
            line.value += rest[i];
        }
    }
    if (i >= rest.size()) {
        line.problem = "the quote is not closed on this line";
        return;
    }
    const std::string_view after = trim_left(rest.substr(i + 1));
    if (!after.empty() && after.front() != '#') line.problem = "text after the closing quote";
}

EnvLine parse_line(std::string_view text, std::size_t number) {
    EnvLine line;
    line.line = number;
    constexpr std::string_view kExport = "export";
    if (text.starts_with(kExport) && text.size() > kExport.size() &&
        kBlank.find(text[kExport.size()]) != std::string_view::npos) {
        text = trim_left(text.substr(kExport.size()));
    }
    const std::size_t equals = text.find('=');
    const std::string_view name = trim_right(text.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) {
        line.problem = "not a line of the form NAME=value";
        return line;
    }
    line.name = name;
    if (text.find('\0') != std::string_view::npos) {
        line.problem = "a NUL character";
        return line;
    }
    const std::string_view after_equals = text.substr(equals + 1);
    const std::string_view rest = trim_left(after_equals);
    if (rest.starts_with('#') && rest.size() < after_equals.size()) return line;  // "NAME= # text"
    if (rest.starts_with('\'') || rest.starts_with('"')) {
        quoted_value(rest, line);
    } else {
        line.value = bare_value(rest);
    }
    return line;
}

}  // namespace

std::vector<EnvLine> parse_env_file(std::string_view text) {
    std::vector<EnvLine> lines;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        std::string_view raw = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (raw.ends_with('\r')) raw.remove_suffix(1);

        const std::string_view trimmed = trim_left(raw);
        if (trimmed.empty() || trimmed.front() == '#') continue;
        lines.push_back(parse_line(trimmed, number));
    }
    return lines;
}

}  // namespace rag
