#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/query_cues.hpp"
#include "scan.hpp"

namespace rag {

/// Dates that a question counts from today ("yesterday", "last week", "two months ago").
struct RelativeDates {
    std::vector<Period> periods;
    /// Bytes of the question that say a month of a certain year ("last October"), or a word that
    /// looks like one ("this may be"): what is in them is no date by itself.
    std::vector<std::pair<std::size_t, std::size_t>> months;
};

/// `words`: those of the question.
RelativeDates find_relative_dates(
    std::string_view question, const std::vector<scan::Word>& words, std::int64_t today
);

}  // namespace rag
