#include "relative_dates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "domain/time.hpp"

namespace rag {
namespace {

enum class Unit : std::uint8_t { day, week, weekend, month, year };

template <class Value, std::size_t N>
using Table = std::array<std::pair<std::string_view, Value>, N>;

template <class Value, std::size_t N>
std::optional<Value> look_up(const Table<Value, N>& table, std::string_view word) {
    for (const auto& [name, value] : table) {
        if (name == word) return value;
    }
    return std::nullopt;
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// English, German, French, Spanish, Italian, Portuguese, Dutch.
constexpr Table<Unit, 44> kUnits{{
    {"day", Unit::day},        {"days", Unit::day},        {"week", Unit::week},
    {"weeks", Unit::week},     {"weekend", Unit::weekend}, {"month", Unit::month},
    {"months", Unit::month},   {"year", Unit::year},       {"years", Unit::year},
    {"tag", Unit::day},        {"tage", Unit::day},        {"tagen", Unit::day},
    {"woche", Unit::week},     {"wochen", Unit::week},     {"wochenende", Unit::weekend},
    {"monat", Unit::month},    {"monate", Unit::month},    {"monaten", Unit::month},
    {"jahr", Unit::year},      {"jahre", Unit::year},      {"jahren", Unit::year},
    {"jours", Unit::day},      {"semaine", Unit::week},    {"semaines", Unit::week},
    {"mois", Unit::month},     {"année", Unit::year},      {"ans", Unit::year},
    {"días", Unit::day},       {"semana", Unit::week},     {"semanas", Unit::week},
    {"mes", Unit::month},      {"meses", Unit::month},     {"año", Unit::year},
    {"años", Unit::year},      {"giorni", Unit::day},      {"settimana", Unit::week},
    {"settimane", Unit::week}, {"mese", Unit::month},      {"mesi", Unit::month},
    {"anno", Unit::year},      {"mês", Unit::month},       {"ano", Unit::year},
    {"dagen", Unit::day},      {"weken", Unit::week},
}};

constexpr Table<int, 17> kSingleDays{{
    {"today", 0},
    {"tonight", 0},
    {"heute", 0},
    {"aujourd", 0},
    {"hoy", 0},
    {"oggi", 0},
    {"hoje", 0},
    {"vandaag", 0},
    {"yesterday", 1},
    {"gestern", 1},
    {"ayer", 1},
    {"ieri", 1},
    {"ontem", 1},
    {"gisteren", 1},
    {"vorgestern", 2},
    {"anteayer", 2},
    {"eergisteren", 2},
}};

constexpr Table<int, 14> kCounts{{
    {"a", 1},
    {"an", 1},
    {"one", 1},
    {"two", 2},
    {"couple", 2},
    {"three", 3},
    {"few", 3},
    {"four", 4},
    {"five", 5},
    {"six", 6},
    {"seven", 7},
    {"eight", 8},
    {"nine", 9},
    {"ten", 10},
}};

constexpr std::array<std::string_view, 7> kWeekdays{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> kLast{
    "last",
    "past",
    "previous",
    "letzte",
    "letzten",
    "letzter",
    "letztes",
    "vorige",
    "vorigen",
    "vergangene",
    "afgelopen",
    "dernière"};
constexpr std::array<std::string_view, 10> kLastBehind{// "la semaine dernière"
                                                       "dernière",
                                                       "dernier",
                                                       "passée",
                                                       "passé",
                                                       "pasada",
                                                       "pasado",
                                                       "scorsa",
                                                       "scorso",
                                                       "passada",
                                                       "passado"};
constexpr std::array<std::string_view, 7> kThis{
    "this", "diese", "dieser", "diesem", "diesen", "deze", "dieses"};
constexpr std::array<std::string_view, 3> kAgo{"ago", "geleden", "fa"};
constexpr std::array<std::string_view, 3> kAgoBefore{"vor", "hace", "há"};

constexpr std::int64_t kDaysMax = 330;  // A period spans less than a year.

Period period_of(std::int64_t first, std::int64_t last) {
    first = std::max(first, last - kDaysMax);
    const CivilDate begin = date_of(first);
    const CivilDate end = date_of(last);
    return Period{begin.year, begin.month, begin.day, end.month, end.day};
}

std::int64_t monday_of(std::int64_t day) {
    constexpr std::int64_t kFirstMonday = 4;  // 1970-01-05
    const std::int64_t since = ((day - kFirstMonday) % 7 + 7) % 7;
    return day - since;
}

/// Reads phrases that begin at a word.
class RelativeReader {
public:
    RelativeReader(const std::vector<scan::Word>& words, std::int64_t today)
        : words_(words), today_(today) {}

    std::optional<Period> at(std::size_t place) const {
        if (const auto back = look_up(kSingleDays, word(place))) return days_back(*back, *back);
        if (word(place) == "last" && word(place + 1) == "night") return days_back(1, 1);
        if (const auto period = weekday(place)) return period;
        if (const auto period = counted(place)) return period;
        return calendar_unit(place);
    }

private:
    std::string_view word(std::size_t place) const {
        return place < words_.size() ? std::string_view(words_[place].text) : std::string_view();
    }

    std::optional<int> count(std::size_t place) const {
        if (place >= words_.size()) return std::nullopt;
        const int number = words_[place].number;
        if (number >= 0) return number > 0 && number < 1'000 ? std::optional(number) : std::nullopt;
        return look_up(kCounts, word(place));
    }

    Period days_back(std::int64_t first, std::int64_t last) const {
        return period_of(today_ - first, today_ - last);
    }

    /// The last one before today: "last Monday", "on Monday".
    std::optional<Period> weekday(std::size_t place) const {
        if (place == 0 || (word(place - 1) != "on" && word(place - 1) != "last")) {
            return std::nullopt;
        }
        const auto* const found = std::find(kWeekdays.begin(), kWeekdays.end(), word(place));
        if (found == kWeekdays.end()) return std::nullopt;
        const std::int64_t day = monday_of(today_) + (found - kWeekdays.begin());
        const std::int64_t back = today_ - (day < today_ ? day : day - 7);
        return days_back(back, back);
    }

    /// "two weeks ago", "vor 3 Tagen", "the last ten days".
    std::optional<Period> counted(std::size_t place) const {
        const auto number = count(place);
        std::size_t next = place + 1;
        if (word(next) == "of") ++next;                              // "a couple of days"
        if (word(place) == "a" && count(next)) return std::nullopt;  // "a few": read from "few" on.
        const auto unit = number ? look_up(kUnits, word(next)) : std::nullopt;
        if (!unit) return std::nullopt;

        const std::string_view before = place > 0 ? word(place - 1) : std::string_view();
        if (is_one_of(kLast, before)) return days_back(*number * days_of(*unit), 0);
        const bool il_y_a = before == "a" && place > 1 && word(place - 2) == "y";
        if (!is_one_of(kAgo, word(next + 1)) && !is_one_of(kAgoBefore, before) && !il_y_a) {
            return std::nullopt;
        }
        if (*unit == Unit::year) return Period{.year = date_of(today_).year - *number};
        const std::int64_t middle = *number * days_of(*unit);
        const std::int64_t around = days_of(*unit) / 2;  // Nobody counts that exactly.
        return days_back(middle + around, middle - around);
    }

    /// "last week", "this month", "la semaine dernière".
    std::optional<Period> calendar_unit(std::size_t place) const {
        if (const auto unit = look_up(kUnits, word(place + 1))) {
            if (is_one_of(kLast, word(place))) return last(*unit);
            if (is_one_of(kThis, word(place))) return current(*unit);
        }
        const auto unit = look_up(kUnits, word(place));
        return unit && is_one_of(kLastBehind, word(place + 1)) ? last(*unit) : std::nullopt;
    }

    std::optional<Period> last(Unit unit) const {
        const CivilDate date = date_of(today_);
        const std::int64_t monday = monday_of(today_);
        switch (unit) {
            case Unit::day:
                break;  // "The last day" is that of something.
            case Unit::week:
                return period_of(monday - 7, monday - 1);
            case Unit::weekend:
                return period_of(monday - 2, monday - 1);
            case Unit::month:
                return month_of(today_ - date.day);
            case Unit::year:
                return Period{.year = date.year - 1};
        }
        return std::nullopt;
    }

    std::optional<Period> current(Unit unit) const {
        const std::int64_t monday = monday_of(today_);
        switch (unit) {
            case Unit::day:
                break;
            case Unit::week:
                return period_of(monday, monday + 6);
            case Unit::weekend:
                return period_of(monday + 5, monday + 6);
            case Unit::month:
                return month_of(today_);
            case Unit::year:
                return Period{.year = date_of(today_).year};
        }
        return std::nullopt;
    }

    static Period month_of(std::int64_t day) {
        const CivilDate date = date_of(day);
        return Period{date.year, date.month, 1, date.month, 31};
    }

    static std::int64_t days_of(Unit unit) {
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

    const std::vector<scan::Word>& words_;
    std::int64_t today_;
};

}  // namespace

std::vector<Period> find_relative_periods(
    const std::vector<scan::Word>& words, std::int64_t today
) {
    const RelativeReader reader(words, today);
    std::vector<Period> found;
    for (std::size_t place = 0; place < words.size(); ++place) {
        if (const auto period = reader.at(place)) found.push_back(*period);
    }
    return found;
}

}  // namespace rag
