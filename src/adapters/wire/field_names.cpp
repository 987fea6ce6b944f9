#include "field_names.hpp"

#include <algorithm>
#include <vector>

namespace rag::wire {
namespace {

/// Letters to change, add, drop or swap with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
    const std::size_t width = b.size() + 1;
    std::vector<std::size_t> cost((a.size() + 1) * width);
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            std::size_t& here = cost[i * width + j];
            if (i == 0 || j == 0) {
                here = i + j;
                continue;
            }
            const std::size_t changed =
                cost[(i - 1) * width + j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            here = std::min({changed, cost[(i - 1) * width + j] + 1, cost[i * width + j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) here = std::min(here, cost[(i - 2) * width + j - 2] + 1);
        }
    }
    return cost.back();
}

bool is_plural(std::string_view longer, std::string_view shorter) {
    return longer.size() == shorter.size() + 1 && longer.ends_with('s') &&
           longer.starts_with(shorter);
}

}  // namespace

bool is_slip(std::string_view name, const FieldName& known) {
    constexpr std::size_t kShortest = 5;
    constexpr std::size_t kLong = 7;
    if (known.name.size() < kShortest) return false;
    if (is_plural(name, known.name) || is_plural(known.name, name)) return false;
    const std::size_t most = known.own && known.name.size() >= kLong ? 2 : 1;
    // Names of any length come in; the table is only filled for those that can be near.
    if (name.size() > known.name.size() + most || name.size() + most < known.name.size())
        return false;
    return distance(name, known.name) <= most;
}

}  // namespace rag::wire
