#include "wire/near_name.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace rag::wire {
namespace {

bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
char lower(char letter) {
    return is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Letters to add, leave out or change. Both names are short.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t changed = diagonal + (lower(from[i - 1]) == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row.back();
}

bool is_plural(std::string_view plural, std::string_view singular) {
    return plural.size() == singular.size() + 1 && plural.ends_with('s') &&
           plural.starts_with(singular);
}

}  // namespace

std::string snake_case(std::string_view name) {
    std::string snake;
    for (std::size_t at = 0; at < name.size(); ++at) {
        if (is_upper(name[at]) && at > 0 && !is_upper(name[at - 1]) && name[at - 1] != '_') {
            snake += '_';
        }
        snake += lower(name[at]);
    }
    return snake;
}

bool is_near_name(std::string_view given, std::string_view known) {
    constexpr std::size_t kTwoFrom = 7;
    constexpr std::size_t kOneFrom = 5;
    if (known.size() < kOneFrom) return false;
    const std::size_t allowed = known.size() >= kTwoFrom ? 2 : 1;
    const std::size_t longer = std::max(given.size(), known.size());
    const std::size_t shorter = std::min(given.size(), known.size());
    if (longer - shorter > allowed || given == known) return false;
    if (is_plural(given, known) || is_plural(known, given)) return false;
    return distance(given, known) <= allowed;
}

}  // namespace rag::wire
