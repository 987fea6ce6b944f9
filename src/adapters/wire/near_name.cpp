#include "wire/near_name.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rag::wire {
namespace {

bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
char lower(char letter) {
    return is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Letters to add, leave out, change or swap with their neighbour. Both names are short.
std::size_t distance(std::string_view from, std::string_view to) {
    const std::size_t width = to.size() + 1;
    std::vector<std::size_t> cost((from.size() + 1) * width);
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            std::size_t& here = cost[i * width + j];
            if (i == 0 || j == 0) {
                here = i + j;
                continue;
            }
            const char a = lower(from[i - 1]);
            const char b = to[j - 1];
            const std::size_t changed = cost[(i - 1) * width + j - 1] + (a == b ? 0 : 1);
            here = std::min({changed, cost[(i - 1) * width + j] + 1, cost[i * width + j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a == to[j - 2] && lower(from[i - 2]) == b;
            if (swapped) here = std::min(here, cost[(i - 2) * width + j - 2] + 1);
        }
    }
    return cost.back();
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

bool is_plural_of(std::string_view plural, std::string_view singular) {
    return plural.size() == singular.size() + 1 && plural.ends_with('s') &&
           plural.starts_with(singular);
}

bool is_near_name(std::string_view given, std::string_view known, std::size_t letters_max) {
    constexpr std::size_t kTwoFrom = 7;
    constexpr std::size_t kOneFrom = 5;
    if (known.size() < kOneFrom) return false;
    const std::size_t allowed = known.size() >= kTwoFrom ? letters_max : 1;
    const std::size_t longer = std::max(given.size(), known.size());
    const std::size_t shorter = std::min(given.size(), known.size());
    if (longer - shorter > allowed || given == known) return false;
    if (is_plural_of(given, known)) return false;
    return distance(given, known) <= allowed;
}

}  // namespace rag::wire
