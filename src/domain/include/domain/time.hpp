#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rag {

/// A moment in UTC, milliseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
    std::int64_t ms = 0;
    friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

/// What time it is; the core never asks the system itself.
using WallClock = std::function<Timestamp()>;

/// RFC 3339 with any offset ("2025-11-07T14:30:45.123+01:00"; years 0000 to 9999, a fraction of up
/// to nine digits of which milliseconds are kept, a leap second counts as the next second).
/// nullopt: not such a time, or no such day.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// "2025-11-07T14:30:45.123Z"
std::string format_timestamp(Timestamp time);

/// Day number (days since 1970-01-01) of a moment, floored.
std::int64_t day_of(Timestamp time);

struct CivilDate {
    int year;
    unsigned month;
    unsigned day;
};

/// The date of a day number, in the proleptic Gregorian calendar.
CivilDate date_of(std::int64_t day);

/// Day number of a date of the proleptic Gregorian calendar; nullopt: no such day.
std::optional<std::int64_t> day_number(int year, unsigned month, unsigned day);

/// A day of the calendar, wherever it is: days since 1970-01-01.
struct Day {
    std::int64_t number = 0;
    friend auto operator<=>(const Day&, const Day&) = default;
};

/// "2025-11-07"; nullopt: not such a date, or no such day.
std::optional<Day> parse_day(std::string_view text);
std::string format_day(Day day);

/// Point in steady time by which the work must be done; passed down with every call.
using Deadline = std::chrono::steady_clock::time_point;

}  // namespace rag
