#pragma once

#include <string_view>

/// The words that cues are made of, in English, German, French, Spanish, Italian, Portuguese and
/// Dutch. All words are in lower case.
namespace rag::cues {

struct MonthName {
    unsigned number = 0;     // 1..12; 0: no month.
    bool ambiguous = false;  // Another word too ("may", "mars"): a month only beside a date word.
    bool short_form = false;
    bool a_word_too = false;  // A name or a verb ("April", "march"): in a question alike.
};

MonthName month_named(std::string_view word);

/// Stands before a month ("in", "early", "im", "en"): tells May from may.
bool leads_to_month(std::string_view word);
/// Alike, in questions alone ("between June and August").
bool leads_to_months(std::string_view word);
/// Between two months ("and").
bool joins_months(std::string_view word);
/// Before a date: from then until today ("since").
bool is_since(std::string_view word);
/// Between "since" and its date ("the", "dem").
bool stands_before_day(std::string_view word);
/// Behind a date of Chinese or Japanese, or at the end of its last word: until today.
bool goes_on(std::string_view word);
/// Between a day and its month or a month and its year ("of", "de").
bool links_date(std::string_view word);
/// What follows the digits of "15th".
bool is_ordinal_suffix(std::string_view word);

/// Says by itself when something is ("yesterday", "montag").
bool is_time_word(std::string_view word);
/// "week" after "last", "next", "this".
bool is_time_unit(std::string_view word);

/// Question words that ask for a time ("when", "wann").
bool is_when(std::string_view word);
/// "which", "what", ... before a `is_calendar_unit` ask for a time.
bool is_which(std::string_view word);
/// "year", "month", "day", "date".
bool is_calendar_unit(std::string_view word);

/// English words that name no author unless written with a capital inside the sentence.
bool is_function_word(std::string_view word);

}  // namespace rag::cues
