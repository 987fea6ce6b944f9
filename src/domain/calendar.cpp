#include "calendar.hpp"

#include "domain/time.hpp"

namespace rag {
namespace {

using dates::Found;
using dates::Meaning;
using dates::Unit;

constexpr int kYearsMax = 999;  // "1990年前" is before 1990.

Period period_of(std::int64_t first, std::int64_t last) {
    const CivilDate begin = date_of(first);
    const CivilDate end = date_of(last);
    Period period{begin.year, begin.month, begin.day, end.month, end.day};
    if (end.year != begin.year) period.last_year = end.year;
    return period;
}

std::int64_t monday_of(std::int64_t day) {
    constexpr std::int64_t kFirstMonday = 4;  // 1970-01-05
    const std::int64_t since = ((day - kFirstMonday) % 7 + 7) % 7;
    return day - since;
}

std::int64_t days_of(Unit unit) {
    switch (unit) {
        case Unit::day:
            return 1;
        case Unit::week:
        case Unit::weekend:
            return 7;
        case Unit::month:
            return 30;
        case Unit::year:
            return 365;
    }
    return 1;
}

std::optional<Period> whole_year(int year) {
    return year >= 1 ? std::optional(Period{.year = year}) : std::nullopt;
}

/// What phrases mean on a day.
class Calendar {
public:
    explicit Calendar(std::int64_t today)
        : today_(today), date_(date_of(today)), monday_(monday_of(today)) {}

    std::optional<Period> period(const Found& found) const {
        const int number = found.phrase->number;
        switch (found.phrase->meaning) {
            case Meaning::none:
                return std::nullopt;
            case Meaning::day:
                return period_of(today_ + number, today_ + number);
            case Meaning::unit:
                return of_unit(static_cast<Unit>(found.unit), number);
            case Meaning::week:
                return of_unit(Unit::week, number);
            case Meaning::weekend:
                return of_unit(Unit::weekend, number);
            case Meaning::month_now:
                return of_unit(Unit::month, number);
            case Meaning::year:
                return of_unit(Unit::year, number);
            case Meaning::ago:
            case Meaning::past:
            case Meaning::coming:
                return counted(found);
            case Meaning::weekday:
                return weekday(found.weekday - 1, number);
            case Meaning::weekday_of_week: {
                const std::int64_t day = monday_ + 7 * std::int64_t{number} + found.weekday - 1;
                return period_of(day, day);
            }
            case Meaning::month:
                return named_month(found.month, number, found.phrase->since);
            case Meaning::month_of_year:
                return month_of_year(
                    found.month > 0 ? found.month : found.number.value_or(0), date_.year + number
                );
        }
        return std::nullopt;
    }

private:
    std::optional<Period> of_unit(Unit unit, int number) const {
        const std::int64_t monday = monday_ + 7 * std::int64_t{number};
        switch (unit) {
            case Unit::day:
                break;  // "The last day" is that of something.
            case Unit::week:
                return period_of(monday, monday + 6);
            case Unit::weekend:
                return period_of(monday + 5, monday + 6);
            case Unit::month: {
                const int months = date_.year * 12 + static_cast<int>(date_.month) - 1 + number;
                return month_of_year(months % 12 + 1, months / 12);
            }
            case Unit::year:
                return whole_year(date_.year + number);
        }
        return std::nullopt;
    }

    std::optional<Period> counted(const Found& found) const {
        const auto unit = static_cast<Unit>(found.unit);
        const int number = found.number.value_or(found.phrase->number);
        if (unit == Unit::year && number > kYearsMax) return std::nullopt;
        const std::int64_t days = number * days_of(unit);
        if (found.phrase->meaning == Meaning::past) return period_of(today_ - days, today_);
        if (found.phrase->meaning == Meaning::coming) return period_of(today_, today_ + days);
        if (unit == Unit::year) return whole_year(date_.year - number);
        const std::int64_t around = days_of(unit) / 2;  // Nobody counts that exactly.
        return period_of(today_ - days - around, today_ - days + around);
    }

    Period weekday(int from_monday, int number) const {
        std::int64_t day = monday_ + from_monday;
        if (number < 0 && day >= today_) day -= 7;
        if (number > 0 && day <= today_) day += 7;
        return period_of(day, day);
    }

    /// The one before this month, of this year, or the one after; "since March" in March is this.
    std::optional<Period> named_month(int month, int number, bool since) const {
        const int now = static_cast<int>(date_.month);
        int year = date_.year;
        if (number < 0 && (since ? month > now : month >= now)) --year;
        if (number > 0 && month <= now) ++year;
        return month_of_year(month, year);
    }

    static std::optional<Period> month_of_year(int month, int year) {
        if (month < 1 || month > 12 || year < 1) return std::nullopt;
        const auto named = static_cast<unsigned>(month);
        return Period{year, named, 1, named, 31};
    }

    std::int64_t today_;
    CivilDate date_;
    std::int64_t monday_;
};

}  // namespace

std::optional<Period> meant_period(const Found& found, std::int64_t today) {
    return Calendar(today).period(found);
}

void go_on_until_today(Period& period, std::int64_t today) {
    const CivilDate now = date_of(today);
    int year = period.year.value_or(now.year);
    const auto begin = [&] { return day_number(year, period.first_month, period.first_day); };
    if (!period.year && begin().value_or(today + 1) > today) --year;
    if (begin().value_or(today + 1) > today) return;
    period = {year, period.first_month, period.first_day, now.month, now.day, now.year};
}

}  // namespace rag
