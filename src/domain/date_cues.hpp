#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/query_cues.hpp"
#include "scan.hpp"

namespace rag {

/// Every date that the words of a question name. A year by itself counts only if there is no other
/// date; a month without a year belongs to the year that is named elsewhere, or to every year.
/// What lies within `taken` (bytes) is none; `today`: until when "since" lasts.
std::vector<Period> find_periods(
    std::string_view question,
    const std::vector<scan::Word>& words,
    const std::vector<std::pair<std::size_t, std::size_t>>& taken,
    std::optional<std::int64_t> today
);

}  // namespace rag
