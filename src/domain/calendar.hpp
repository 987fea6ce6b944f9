#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "domain/query_cues.hpp"
#include "phrase_table.hpp"

namespace rag {

namespace dates {

/// A phrase at a place.
struct Found {
    const Language* language = nullptr;
    const Phrase* phrase = nullptr;
    std::size_t begin = 0;  // Tokens.
    std::size_t end = 0;
    std::optional<int> number;
    int unit = -1;
    int weekday = 0;
    int month = 0;
    std::size_t month_place = 0;
};

}  // namespace dates

/// The days that a phrase means on a day; nullopt: none ("the last day" is that of something).
std::optional<Period> meant_period(const dates::Found& found, std::int64_t today);

/// Makes a period one that goes on until today; one that has not begun yet stays as it is. Without
/// a year its last begin is meant.
void go_on_until_today(Period& period, std::int64_t today);

}  // namespace rag
