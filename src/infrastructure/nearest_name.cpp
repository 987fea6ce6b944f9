#include "infrastructure/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace rag {
namespace {

constexpr std::size_t kComparedMax = 64;  // No name of ours is longer.

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::size_t nearest_name(std::string_view name, std::span<const std::string> names) {
    const std::string_view compared = name.substr(0, kComparedMax);
    const auto nearest = std::ranges::min_element(names, {}, [compared](const std::string& each) {
        return edit_distance(compared, each);
    });
    return static_cast<std::size_t>(nearest - names.begin());
}

std::string name_that_was_meant(std::string_view name, std::span<const std::string> names) {
    if (names.empty()) return {};
    const std::string& nearest = names[nearest_name(name, names)];
    const std::size_t changes = edit_distance(name.substr(0, kComparedMax), nearest);
    // Two letters in the wrong order are two changes.
    const std::size_t changes_max = std::clamp<std::size_t>(nearest.size() / 2, 1, 3);
    return changes <= changes_max ? nearest : std::string();
}

}  // namespace rag
