#include "wire/headers.hpp"

#include <algorithm>

namespace rag::wire {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_refused_weight(std::string_view parameter) {
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return false;
    const std::string_view weight = trim(parameter.substr(2));
    return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlank = " \t";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string_view next_part(std::string_view& rest, char separator) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trim(part);
}

bool accepts(std::string_view accept, std::string_view type) {
    if (trim(accept).empty()) return true;
    const std::string_view family = type.substr(0, type.find('/'));
    // The most precise range that fits decides.
    int best = -1;
    bool taken = false;
    while (!accept.empty()) {
        std::string_view element = next_part(accept, ',');
        const std::string_view range = next_part(element, ';');
        int precision = -1;
        if (range == "*/*" || range == "*") precision = 0;
        if (range.ends_with("/*") &&
            equals_ignoring_case(range.substr(0, range.size() - 2), family)) {
            precision = 1;
        }
        if (equals_ignoring_case(range, type)) precision = 2;
        if (precision <= best) continue;
        best = precision;
        taken = true;
        while (!element.empty()) {
            if (is_refused_weight(next_part(element, ';'))) taken = false;
        }
    }
    return taken;
}

}  // namespace rag::wire
