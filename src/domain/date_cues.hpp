#pragma once

#include <string_view>
#include <vector>

#include "domain/query_cues.hpp"
#include "scan.hpp"

namespace rag {

/// Every date that the words of a question name. A year by itself counts only if there is no other
/// date; a month without a year belongs to the year that is named elsewhere, or to every year.
std::vector<Period> find_periods(std::string_view question, const std::vector<scan::Word>& words);

}  // namespace rag
