#include "domain/time.hpp"

#include <array>
#include <cstdio>

namespace rag {
namespace {

constexpr std::int64_t kMsPerSecond = 1'000;
constexpr std::int64_t kMsPerMinute = 60 * kMsPerSecond;
constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;
constexpr std::int64_t kMsPerDay = 24 * kMsPerHour;
constexpr std::int64_t kYearMax = 9'999;

/// Reads fixed-width fields from the front of a text.
class FieldReader {
public:
    explicit FieldReader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    /// A number of exactly `width` digits, at most `largest`.
    std::optional<int> number(std::size_t width, int largest) {
        if (rest_.size() < width) return std::nullopt;
        int value = 0;
        for (const char digit : rest_.substr(0, width)) {
            if (digit < '0' || digit > '9') return std::nullopt;
            value = value * 10 + (digit - '0');
        }
        rest_.remove_prefix(width);
        return value <= largest ? std::optional(value) : std::nullopt;
    }

    /// The next character if it is one of `wanted`, else NUL.
    char any_of(std::string_view wanted) {
        if (rest_.empty() || wanted.find(rest_.front()) == std::string_view::npos) return '\0';
        const char found = rest_.front();
        rest_.remove_prefix(1);
        return found;
    }

private:
    std::string_view rest_;
};

/// Days since 1970-01-01 of a date that exists. Years begin in March here, so that the leap day is
/// the last of the year and months follow one formula.
std::int64_t days_from_civil(const CivilDate& date) {
    const int year = date.year - (date.month <= 2 ? 1 : 0);
    const int era = (year >= 0 ? year : year - 399) / 400;
    const int year_of_era = year - era * 400;
    const int month_from_march = static_cast<int>(date.month) + (date.month > 2 ? -3 : 9);
    const int day_of_year = (153 * month_from_march + 2) / 5 + static_cast<int>(date.day) - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return std::int64_t{era} * 146'097 + day_of_era - 719'468;
}

unsigned days_in_month(int year, unsigned month) {
    constexpr std::array<unsigned, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : kDays[month - 1];
}

std::optional<std::int64_t> read_day(FieldReader& reader) {
    const auto year = reader.number(4, static_cast<int>(kYearMax));
    if (!year || reader.any_of("-") == '\0') return std::nullopt;
    const auto month = reader.number(2, 12);
    if (!month || reader.any_of("-") == '\0') return std::nullopt;
    const auto day = reader.number(2, 31);
    if (!day) return std::nullopt;
    return day_number(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

struct Clock {
    std::int64_t ms = 0;  // Since midnight, local.
    bool leap_second = false;
};

std::optional<Clock> read_clock(FieldReader& reader) {
    const auto hour = reader.number(2, 23);
    if (!hour || reader.any_of(":") == '\0') return std::nullopt;
    const auto minute = reader.number(2, 59);
    if (!minute || reader.any_of(":") == '\0') return std::nullopt;
    const auto second = reader.number(2, 60);
    if (!second) return std::nullopt;

    std::int64_t fraction_ms = 0;
    if (reader.any_of(".") != '\0') {
        int digits = 0;
        for (std::int64_t place = 100;; place /= 10, ++digits) {
            const auto digit = reader.number(1, 9);
            if (!digit) break;
            fraction_ms += *digit * place;
        }
        if (digits == 0 || digits > 9) return std::nullopt;
    }
    return Clock{
        *hour * kMsPerHour + *minute * kMsPerMinute + *second * kMsPerSecond + fraction_ms,
        *second == 60};
}

std::optional<std::int64_t> read_offset_ms(FieldReader& reader) {
    const char sign = reader.any_of("Zz+-");
    if (sign == '\0') return std::nullopt;
    if (sign == 'Z' || sign == 'z') return 0;
    const auto hours = reader.number(2, 23);
    if (!hours || reader.any_of(":") == '\0') return std::nullopt;
    const auto minutes = reader.number(2, 59);
    if (!minutes) return std::nullopt;
    const std::int64_t offset = *hours * kMsPerHour + *minutes * kMsPerMinute;
    return sign == '-' ? -offset : offset;
}

/// A minute has a 61st second only at the end of a day in UTC.
bool is_leap_second_place(std::int64_t ms) {
    const std::int64_t within_day = ((ms % kMsPerDay) + kMsPerDay) % kMsPerDay;
    return within_day < kMsPerSecond;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    FieldReader reader(text);
    const auto day = read_day(reader);
    if (!day || reader.any_of("Tt ") == '\0') return std::nullopt;
    const auto clock = read_clock(reader);
    if (!clock) return std::nullopt;
    const auto offset_ms = read_offset_ms(reader);
    if (!offset_ms || !reader.at_end()) return std::nullopt;

    const Timestamp time{*day * kMsPerDay + clock->ms - *offset_ms};
    if (clock->leap_second && !is_leap_second_place(time.ms)) return std::nullopt;
    const int year = date_of(day_of(time)).year;
    if (year < 0 || year > kYearMax) return std::nullopt;
    return time;
}

std::string format_timestamp(Timestamp time) {
    const std::int64_t day = day_of(time);
    const CivilDate date = date_of(day);
    const std::int64_t ms = time.ms - day * kMsPerDay;
    std::array<char, 64> text{};
    const int length = std::snprintf(
        text.data(),
        text.size(),
        "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
        date.year,
        date.month,
        date.day,
        static_cast<int>(ms / kMsPerHour),
        static_cast<int>(ms / kMsPerMinute % 60),
        static_cast<int>(ms / kMsPerSecond % 60),
        static_cast<int>(ms % kMsPerSecond)
    );
    return std::string(text.data(), static_cast<std::size_t>(length));
}

CivilDate date_of(std::int64_t day_number) {
    const std::int64_t shifted = day_number + 719'468;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march + (month_from_march < 10 ? 3 : -9);
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return {static_cast<int>(year), static_cast<unsigned>(month), static_cast<unsigned>(day)};
}

std::int64_t day_of(Timestamp time) {
    const std::int64_t rounded_up = time.ms >= 0 ? time.ms : time.ms - (kMsPerDay - 1);
    return rounded_up / kMsPerDay;
}

std::optional<std::int64_t> day_number(int year, unsigned month, unsigned day) {
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
    return days_from_civil({year, month, day});
}

std::optional<Day> parse_day(std::string_view text) {
    FieldReader reader(text);
    const auto day = read_day(reader);
    if (!day || !reader.at_end()) return std::nullopt;
    return Day{*day};
}

std::string format_day(Day day) {
    const CivilDate date = date_of(day.number);
    std::array<char, 32> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", date.year, date.month, date.day);
    return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace rag
