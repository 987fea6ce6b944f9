#include "domain/nearest_values.hpp"

#include <algorithm>
#include <cstdint>

namespace rag {
namespace {

constexpr std::size_t kCharactersCompared = 64;

/// The first characters of valid UTF-8, as numbers that differ where they do.
std::u32string characters(std::string_view text) {
    std::u32string out;
    for (const char byte : text) {
        const auto value = static_cast<unsigned char>(byte);
        const bool continues = (value & 0xC0U) == 0x80U;
        if (continues && !out.empty()) {
            out.back() = (out.back() << 6U) | (value & 0x3FU);
            continue;
        }
        if (out.size() == kCharactersCompared) break;
        out.push_back(value);
    }
    return out;
}

/// Letters to add, leave out or change.
std::size_t distance(std::u32string_view from, std::u32string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row.back();
}

/// Whether `part` stands in `whole` and neither begins nor ends within a word.
bool holds_words(std::string_view whole, std::string_view part) {
    if (part.empty()) return false;
    const std::size_t at = whole.find(part);
    if (at == std::string_view::npos) return false;
    const std::size_t end = at + part.size();
    return (at == 0 || whole[at - 1] == ' ') && (end == whole.size() || whole[end] == ' ');
}

double likeness(std::string_view wanted, std::string_view value) {
    const std::u32string a = characters(wanted);
    const std::u32string b = characters(value);
    const auto longer = static_cast<double>(std::max<std::size_t>({a.size(), b.size(), 1}));
    const double changed = static_cast<double>(distance(a, b)) / longer;
    const bool held = holds_words(value, wanted) || holds_words(wanted, value);
    return (held ? 1.0 : 0.0) + 1.0 - changed;
}

}  // namespace

std::vector<std::size_t> nearest_values(
    std::string_view wanted, std::span<const std::string> values, std::size_t count
) {
    struct Scored {
        double likeness;
        std::size_t place;
    };
    std::vector<Scored> scored;
    scored.reserve(values.size());
    for (std::size_t place = 0; place < values.size(); ++place) {
        scored.push_back({likeness(wanted, values[place]), place});
    }
    const std::size_t kept = std::min(count, scored.size());
    std::ranges::partial_sort(
        scored,
        scored.begin() + static_cast<std::ptrdiff_t>(kept),
        [](const auto& a, const auto& b) {
            return a.likeness != b.likeness ? a.likeness > b.likeness : a.place < b.place;
        }
    );
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < kept; ++i) places.push_back(scored[i].place);
    return places;
}

}  // namespace rag
