#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rag {

/// A hint to somebody whose filter has a value that nothing stored has.
struct FilterHint {
    std::string filter;                // Its name: "author_name".
    std::string value;                 // As it was asked for.
    std::vector<std::string> nearest;  // Stored values, as they were written, the likeliest first.
};

inline constexpr std::size_t kNearestMax = 5;
/// Values that are looked at, of all that are stored.
inline constexpr std::size_t kNearestOfMax = 10'000;

/// Places of the values that are most like `wanted`, the likeliest first, at most `count`: those
/// that hold it or are held in it as words, then by the share of characters that have to be changed
/// (Levenshtein; of long texts their first 64). Something is always given if there are values:
/// nobody may take a wrong name for an empty store. All texts as filters compare them.
std::vector<std::size_t> nearest_values(
    std::string_view wanted, std::span<const std::string> values, std::size_t count = kNearestMax
);

}  // namespace rag
