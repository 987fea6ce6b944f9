#include "date_cues.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "calendar.hpp"
#include "cue_words.hpp"

namespace rag {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2099;
constexpr unsigned kLongestMonth = 31;

/// Reads dates out of the words of a text, and what stands between them.
class DateReader {
public:
    DateReader(std::string_view text, const std::vector<scan::Word>& words)
        : text_(text), words_(words) {}

    std::vector<Period> periods(
        const std::vector<std::pair<std::size_t, std::size_t>>& taken,
        std::optional<std::int64_t> today
    ) {
        std::vector<Period> found;
        std::vector<Period> years;
        for (std::size_t place = 0; place < words_.size(); ++place) {
            if (is_within(taken, words_[place].begin)) continue;
            if (const auto year = year_at(place)) {
                years.push_back(since(Period{.year = year}, place, place + 1, today));
            }
        }
        for (std::size_t place = 0; place < words_.size(); ++place) {
            if (is_within(taken, words_[place].begin)) continue;
            std::optional<Dated> dated = counted_date(place);
            if (!dated) dated = numeric_date(place);
            if (!dated) dated = month_date(place);
            if (!dated) continue;
            if (!dated->period.year && !years.empty()) dated->period.year = years.front().year;
            found.push_back(since(dated->period, dated->begin, dated->end, today));
            place = std::max(place, dated->end - 1);
        }
        return found.empty() ? years : found;
    }

private:
    /// A date, and the words that say it; `end` is the one behind.
    struct Dated {
        Period period;
        std::size_t begin;
        std::size_t end;
    };

    static bool is_within(
        const std::vector<std::pair<std::size_t, std::size_t>>& taken, std::size_t byte
    ) {
        return std::ranges::any_of(taken, [byte](const auto& range) {
            return byte >= range.first && byte < range.second;
        });
    }

    /// "since 5 May", "seit dem 5. Mai", "2019年以来".
    Period since(
        Period period, std::size_t begin, std::size_t end, std::optional<std::int64_t> today
    ) const {
        if (!today) return period;
        std::size_t before = begin;
        if (before > 1 && cues::stands_before_day(words_[before - 1].text)) --before;
        bool goes_on = before > 0 && cues::is_since(words_[before - 1].text);
        if (end > 0 && end <= words_.size()) {
            goes_on = goes_on || cues::goes_on(words_[end - 1].text) ||
                      (exists(end) && cues::goes_on(words_[end].text));
        }
        if (goes_on) go_on_until_today(period, *today);
        return period;
    }

    /// "2024年5月3日", "5月3号", "2024年5月": the counters may begin longer runs of letters.
    std::optional<Dated> counted_date(std::size_t place) const {
        std::optional<int> year;
        std::size_t at = place;
        if (words_[at].number >= kFirstYear && words_[at].number <= kLastYear &&
            counter_follows(at, {"年"})) {
            year = words_[at].number;
            at += 2;
        }
        const std::optional<unsigned> month = number_up_to(at, 12);
        if (!month || !counter_follows(at, {"月"})) {
            if (!year) return std::nullopt;
            return Dated{Period{.year = year}, place, at};
        }
        if (is_span(at + 1)) return std::nullopt;  // "3月間", "3月前"
        at += 2;
        Period period{year, *month, 1, *month, kLongestMonth};
        const std::optional<unsigned> day = number_up_to(at, kLongestMonth);
        if (day && counter_follows(at, {"日", "号", "號"})) {
            period.first_day = period.last_day = *day;
            at += 2;
        }
        return Dated{period, place, at};
    }

    std::optional<unsigned> number_up_to(std::size_t place, unsigned largest) const {
        if (!exists(place) || digits(place) > 2) return std::nullopt;
        const int number = words_[place].number;
        if (number < 1 || number > static_cast<int>(largest)) return std::nullopt;
        return static_cast<unsigned>(number);
    }

    bool counter_follows(std::size_t place, std::initializer_list<std::string_view> counters)
        const {
        return exists(place + 1) && only_between(place, " ") &&
               std::ranges::any_of(counters, [&](std::string_view counter) {
                   return words_[place + 1].text.starts_with(counter);
               });
    }

    /// The month's counter goes on as a length or a distance.
    bool is_span(std::size_t place) const {
        const std::string_view text = words_[place].text;
        return text.starts_with("月前") || text.starts_with("月間") || text.starts_with("月间") ||
               text.starts_with("月以") || text.starts_with("月后") || text.starts_with("月後");
    }

    bool exists(std::size_t place) const { return place < words_.size(); }

    std::size_t digits(std::size_t place) const { return words_[place].end - words_[place].begin; }

    /// True if nothing but these characters stands between a word and the one after it.
    bool only_between(std::size_t place, std::string_view allowed) const {
        if (!exists(place + 1)) return false;
        const std::size_t begin = words_[place].end;
        const std::string_view gap = text_.substr(begin, words_[place + 1].begin - begin);
        return gap.find_first_not_of(allowed) == std::string_view::npos;
    }

    std::optional<int> year_at(std::size_t place) const {
        if (!exists(place)) return std::nullopt;
        const scan::Word& word = words_[place];
        const bool ends_here = !exists(place + 1) || !words_[place + 1].joined;
        if (digits(place) != 4 || word.joined || !ends_here) return std::nullopt;
        if (word.number < kFirstYear || word.number > kLastYear) return std::nullopt;
        return word.number;
    }

    std::optional<unsigned> small_number(std::size_t place, unsigned largest) const {
        if (!exists(place) || words_[place].joined || digits(place) > 2) return std::nullopt;
        const int number = words_[place].number;
        if (number < 1 || number > static_cast<int>(largest)) return std::nullopt;
        return static_cast<unsigned>(number);
    }

    bool is_suffix(std::size_t place) const {
        return exists(place) && words_[place].joined && cues::is_ordinal_suffix(words_[place].text);
    }

    /// "2023-05-08", "8.5.2023", "5/8/2023" (month first, as English has it, where it can be).
    std::optional<Dated> numeric_date(std::size_t place) const {
        const auto year = year_at(place);
        if (year && only_between(place, "-") && only_between(place + 1, "-")) {
            const auto month = small_number(place + 1, 12);
            const auto day = small_number(place + 2, kLongestMonth);
            if (month && day) {
                return Dated{Period{year, *month, *day, *month, *day}, place, place + 3};
            }
        }
        for (const std::string_view sign : {".", "/"}) {
            if (!only_between(place, sign) || !only_between(place + 1, sign)) continue;
            const auto first = small_number(place, kLongestMonth);
            const auto second = small_number(place + 1, kLongestMonth);
            const auto last = year_at(place + 2);
            if (!first || !second || !last) continue;
            const bool month_first = sign == "/" ? *first <= 12 : *second > 12;
            const unsigned month = month_first ? *first : *second;
            const unsigned day = month_first ? *second : *first;
            if (month <= 12) return Dated{Period{last, month, day, month, day}, place, place + 3};
        }
        return std::nullopt;
    }

    /// "15 March", "the 15th of March", "15 de mayo": the day before the month at `place`.
    std::optional<unsigned> day_before(std::size_t place) const {
        std::size_t day = place;
        for (int skipped = 0; day > 0 && skipped < 3; ++skipped) {
            --day;
            if (!only_between(day, " .-'\xC2\xBA\xC2\xAA")) return std::nullopt;
            if (words_[day].number >= 0) return small_number(day, kLongestMonth);
            if (!is_suffix(day) && !cues::links_date(words_[day].text)) return std::nullopt;
        }
        return std::nullopt;
    }

    /// Where that day stands.
    std::size_t day_place(std::size_t place) const {
        std::size_t day = place - 1;
        while (day > 0 && words_[day].number < 0) --day;
        return day;
    }

    /// Place of the day after the month: "March 15", "Oct. 3rd", "March the 15th".
    std::optional<std::size_t> day_after(std::size_t place) const {
        if (!only_between(place, " .")) return std::nullopt;
        std::size_t day = place + 1;
        if (words_[day].text == "the" && only_between(day, " ")) ++day;
        if (!small_number(day, kLongestMonth)) return std::nullopt;
        const bool other = exists(day + 1) && words_[day + 1].joined && !is_suffix(day + 1);
        return other ? std::nullopt : std::optional(day);
    }

    /// The year that follows the month at `place`, a day in between or not.
    std::optional<int> year_after(std::size_t place, std::optional<std::size_t> day) const {
        std::size_t before = day.value_or(place);
        if (is_suffix(before + 1)) ++before;
        if (only_between(before, " ") && cues::links_date(words_[before + 1].text)) ++before;
        return only_between(before, " ,.") ? year_at(before + 1) : std::nullopt;
    }

    bool is_meant_as_month(std::size_t place, bool has_number) const {
        if (has_number) return true;
        if (place == 0 || !only_between(place - 1, " -")) return false;
        const std::string_view before = words_[place - 1].text;
        if (cues::leads_to_month(before) || cues::leads_to_months(before)) return true;
        // "from April to June", but not a letter from April.
        if (before == "from" || before == "von") {
            return exists(place + 2) && cues::joins_months(words_[place + 1].text) &&
                   cues::month_named(words_[place + 2].text).number != 0;
        }
        return place > 1 && cues::joins_months(before) &&
               cues::month_named(words_[place - 2].text).number != 0;
    }

    std::optional<Dated> month_date(std::size_t place) const {
        const cues::MonthName month = cues::month_named(words_[place].text);
        if (month.number == 0 || words_[place].joined) return std::nullopt;

        const auto before = day_before(place);
        const auto after = before ? std::nullopt : day_after(place);
        const auto year = year_after(place, after);
        const bool has_number = before || after || year;
        if ((month.ambiguous || month.a_word_too) && !is_meant_as_month(place, has_number))
            return std::nullopt;

        Period period{year, month.number, 1, month.number, kLongestMonth};
        if (before) period.first_day = period.last_day = *before;
        if (after) {
            period.first_day = period.last_day = static_cast<unsigned>(words_[*after].number);
        }
        const std::size_t begin = before ? day_place(place) : place;
        return Dated{period, begin, std::max(place, after.value_or(place)) + 1};
    }

    std::string_view text_;
    const std::vector<scan::Word>& words_;
};

// More than a chunk can hold; the rest of longer text is not looked at.
constexpr std::size_t kTextWordsMax = 4'000;

bool ends_in_day(std::string_view word) {
    return word.size() > 3 && word.substr(word.size() - 3) == "day";
}

bool is_year(const scan::Word& word) {
    return word.end - word.begin == 4 && word.number >= kFirstYear && word.number <= kLastYear &&
           !word.joined;
}

/// "last week", "this morning", "years old", "few days".
bool begins_time_phrase(const scan::Word& word, const scan::Word& next) {
    if (word.text == "last" || word.text == "next" || word.text == "this") {
        if (cues::is_time_unit(next.text) || ends_in_day(next.text)) return true;
        return next.text == (word.text == "this" ? "morning" : "night");
    }
    if (next.text == "old") return word.text == "year" || word.text == "years";
    if (word.text == "few") {
        return next.text == "days" || next.text == "weeks" || next.text == "months";
    }
    return false;
}

bool is_couple_of_days(const scan::Word& word, const scan::Word& next, const scan::Word& last) {
    return word.text == "couple" && next.text == "of" &&
           (last.text == "days" || last.text == "weeks");
}

}  // namespace

std::vector<Period> find_periods(
    std::string_view question,
    const std::vector<scan::Word>& words,
    const std::vector<std::pair<std::size_t, std::size_t>>& taken,
    std::optional<std::int64_t> today
) {
    return DateReader(question, words).periods(taken, today);
}

bool has_time_word(std::string_view text) {
    const std::vector<scan::Word> words = scan::words(text, kTextWordsMax);
    for (std::size_t place = 0; place < words.size(); ++place) {
        const scan::Word& word = words[place];
        if (is_year(word) || cues::is_time_word(word.text)) return true;
        const cues::MonthName month = cues::month_named(word.text);
        if (month.number != 0 && !month.ambiguous && !month.short_form) return true;
        if (place + 1 < words.size() && begins_time_phrase(word, words[place + 1])) return true;
        if (place + 2 < words.size() &&
            is_couple_of_days(word, words[place + 1], words[place + 2])) {
            return true;
        }
    }
    return false;
}

}  // namespace rag
