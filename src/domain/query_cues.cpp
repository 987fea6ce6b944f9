#include "domain/query_cues.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cue_words.hpp"
#include "date_cues.hpp"
#include "domain/time.hpp"
#include "relative_dates.hpp"
#include "scan.hpp"

namespace rag {
namespace {

// A question of the longest kind has fewer; what follows names nothing new.
constexpr std::size_t kQuestionWordsMax = 2'000;

/// Empty beyond the last.
std::string_view word_at(const std::vector<scan::Word>& words, std::size_t place) {
    return place < words.size() ? std::string_view(words[place].text) : std::string_view();
}

/// "When ...", "Since when ...", "In which year ...", "How long ago ...".
bool begins_with_when(const std::vector<scan::Word>& words) {
    constexpr std::size_t kLeadMax = 2;  // Words before the question word.
    for (std::size_t place = 0; place <= kLeadMax && place < words.size(); ++place) {
        const std::string_view word = word_at(words, place);
        const std::string_view next = word_at(words, place + 1);
        const std::string_view after = word_at(words, place + 2);
        if (cues::is_when(word)) return true;
        if (cues::is_which(word)) return cues::is_calendar_unit(next);
        if (word == "how") return next == "long" && after == "ago";
        if (!cues::leads_to_month(word) && word != "and" && word != "a" && word != "в")
            return false;
    }
    return false;
}

/// Where words are not spaced, the question word may stand anywhere.
bool holds_when(std::string_view question) {
    constexpr std::string_view kPhrases[] = {
        "什么时候",
        "什麼時候",
        "何时",
        "何時",
        "哪年",
        "哪一年",
        "哪天",
        "哪一天",
        "几月",
        "幾月",
        "几号",
        "いつ",
        "何年",
        "何月",
        "何日",
        "언제",
        "몇 년",
        "몇월"};
    return std::any_of(std::begin(kPhrases), std::end(kPhrases), [&](std::string_view phrase) {
        return question.find(phrase) != std::string_view::npos;
    });
}

/// Words of letters that may name somebody: a function word only if it is written like a name
/// ("What does Will think?").
std::vector<std::string> name_words(const std::vector<scan::Word>& words) {
    std::vector<std::string> found;
    for (std::size_t place = 0; place < words.size(); ++place) {
        const scan::Word& word = words[place];
        if (word.number >= 0 || scan::is_digit(static_cast<unsigned char>(word.text.front())))
            continue;
        const bool like_a_name = place > 0 && word.capitalised && word.text != "i";
        if (cues::is_function_word(word.text) && !like_a_name) continue;
        found.push_back(word.text);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

struct DaySpan {
    std::int64_t first;
    std::int64_t last;
};

/// The days of a period in one year; nullopt: it has no such day (31 June).
std::optional<DaySpan> days_in(const Period& period, int year) {
    const auto first = day_number(year, period.first_month, period.first_day);
    if (!first) return std::nullopt;
    const int next = period.last_month < period.first_month ? year + 1 : year;
    const int last_year = period.last_year.value_or(next);
    for (unsigned day = period.last_day; day > 0; --day) {  // A month's end.
        if (const auto last = day_number(last_year, period.last_month, day)) {
            return DaySpan{*first, *last};
        }
    }
    return std::nullopt;
}

/// People tell of things in the days after, less often before.
float closeness_to(const DaySpan& span, std::int64_t day) {
    constexpr float kBefore = 0.3F;
    constexpr float kBeforeDays = 7;
    constexpr float kAfter = 0.7F;
    constexpr float kAfterFullDays = 10;
    constexpr float kAfterDays = 20;
    if (day < span.first)
        return kBefore * std::exp(-static_cast<float>(span.first - day) / kBeforeDays);
    if (day <= span.last) return 1;
    const float late = std::max(static_cast<float>(day - span.last) - kAfterFullDays, 0.0F);
    return kAfter * std::exp(-late / kAfterDays);
}

int about_year_of(std::int64_t day) {
    return 1970 + static_cast<int>(std::floor(static_cast<double>(day) / 365.2425));
}

bool is_sentence_end(char32_t c) {
    return c == '.' || c == '!' || c == '?' || c == U'。' || c == U'！' || c == U'？' || c == U'؟';
}

bool is_question_mark(char32_t c) { return c == '?' || c == U'？' || c == U'؟' || c == U'\u037E'; }

bool is_wide(char32_t c) { return c == U'。' || c == U'！' || c == U'？'; }

/// Compares a part of an author's name with a word of the question.
bool names_part(std::string_view part, std::size_t letters, const std::vector<std::string>& words) {
    constexpr std::size_t kNickname = 3;         // "Mel"
    constexpr std::size_t kNameForNickname = 5;  // "Melanie"
    const auto holds = [&words](std::string_view word) {
        return std::binary_search(words.begin(), words.end(), word);
    };
    if (holds(part)) return true;
    const bool ascii = part.size() == letters;
    return ascii && letters >= kNameForNickname && holds(part.substr(0, kNickname));
}

}  // namespace

QueryCues query_cues(std::string_view question, std::optional<std::int64_t> today) {
    const std::vector<scan::Word> words = scan::words(question, kQuestionWordsMax);
    QueryCues cues;
    RelativeDates relative;
    if (today) relative = find_relative_dates(question, words, *today);
    cues.periods = find_periods(question, words, relative.months, today);
    if (cues.periods.empty()) cues.periods = std::move(relative.periods);
    cues.asks_when = begins_with_when(words) || holds_when(question);
    cues.words = name_words(words);
    return cues;
}

bool QueryCues::names(std::string_view author) const {
    constexpr std::size_t kAuthorWordsMax = 16;
    for (const scan::Word& part : scan::words(author, kAuthorWordsMax)) {
        if (part.number >= 0) continue;
        std::size_t place = 0;
        const bool east_asian = scan::is_east_asian(scan::next_code_point(part.text, place));
        std::size_t letters = 1;
        for (; place < part.text.size(); ++letters) scan::next_code_point(part.text, place);
        if (letters < 2) continue;
        if (names_part(part.text, letters, words)) return true;
        // Without spaces the name stands somewhere inside a longer run of letters.
        const bool inside =
            east_asian && std::any_of(words.begin(), words.end(), [&](const auto& word) {
                return word.find(part.text) != std::string::npos;
            });
        if (inside) return true;
    }
    return false;
}

float QueryCues::closeness(std::int64_t day) const {
    float best = 0;
    for (const Period& period : periods) {
        const int year = period.year.value_or(about_year_of(day));
        const int around = period.year ? 0 : 1;
        for (int candidate = year - around; candidate <= year + around; ++candidate) {
            const auto span = days_in(period, candidate);
            if (span) best = std::max(best, closeness_to(*span, day));
        }
    }
    return best;
}

float share_of_questions(std::string_view text) {
    std::size_t sentences = 0;
    std::size_t questions = 0;
    char32_t last_ink = 0;  // Last visible character of the open sentence; 0: none yet.
    const auto close = [&] {
        if (last_ink == 0) return;
        ++sentences;
        if (is_question_mark(last_ink)) ++questions;
        last_ink = 0;
    };
    for (std::size_t place = 0; place < text.size();) {
        const char32_t code_point = scan::next_code_point(text, place);
        if (scan::is_space(code_point)) {
            if (is_sentence_end(last_ink)) close();
            continue;
        }
        // East Asian sentences follow each other without a space.
        if (is_wide(last_ink) && !is_sentence_end(code_point)) close();
        last_ink = code_point;
    }
    close();
    return sentences == 0 ? 0.0F : static_cast<float>(questions) / static_cast<float>(sentences);
}

}  // namespace rag
