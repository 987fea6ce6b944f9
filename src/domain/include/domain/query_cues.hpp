#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a question says between its words: a date, a name, that it asks for a time. Text is UTF-8.
namespace rag {

/// A span of days that the question names. Without a year it stands for that date in every year.
struct Period {
    std::optional<int> year;
    unsigned first_month = 1, first_day = 1;  // Inclusive both.
    unsigned last_month = 12, last_day = 31;
    std::optional<int> last_year = {};  // Absent: the first such day after the begin.
};

struct QueryCues {
    std::vector<Period> periods;
    bool asks_when = false;
    std::vector<std::string> words;  // Lower-case words of letters, for names.

    /// 1 if the question names this author (a part of three letters or more, or the first three
    /// letters of a longer word's name: "Mel" names Melanie too).
    bool names(std::string_view author) const;

    /// 1 on a day within a period, 0.7 in the ten days after, then fading; less before; 0 without
    /// periods. People tell of things in the days after.
    float closeness(std::int64_t day) const;
};

/// `today` (a day number): what "yesterday" and "last week" are counted from; without it they name
/// no date. A date that is written out goes before them.
QueryCues query_cues(std::string_view question, std::optional<std::int64_t> today = std::nullopt);

/// Cues in stored text, for `ChunkTraits`.
bool has_time_word(std::string_view text);
/// Share of the sentences that end in a question mark, 0..1.
float share_of_questions(std::string_view text);

}  // namespace rag
