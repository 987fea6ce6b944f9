#pragma once

#include <cstdint>
#include <vector>

#include "domain/query_cues.hpp"
#include "scan.hpp"

namespace rag {

/// Dates that a question counts from today ("yesterday", "last week", "two months ago").
std::vector<Period> find_relative_periods(const std::vector<scan::Word>& words, std::int64_t today);

}  // namespace rag
