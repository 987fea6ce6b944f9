#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

/// The tables of date_phrases.cpp, made ready to be compared with a question.
namespace rag::dates {

enum class Unit : std::uint8_t { day, week, weekend, month, year };

/// What a phrase means; `number` of the phrase counts from now.
enum class Meaning : std::uint8_t {
    none,  // No date; hides one that would be read here.
    day,   // One day, that many from today.
    unit,  // The {unit}, that many from this one; a day is none ("the last day").
    week,  // Alike, said without {unit}.
    weekend,
    month_now,
    year,
    ago,              // {n} {unit} before today; the phrase's number where there is no {n}.
    past,             // From {n} {unit} ago until today.
    coming,           // From today for {n} {unit}.
    weekday,          // {weekday}: the last before today (-1), of this week (0), the next (1).
    weekday_of_week,  // {weekday} of the week, that many from this one.
    month,            // {month}: the last before this one (-1), of this year (0), the next (1).
    month_of_year     // {month}, or {n} as one, of the year, that many from this one.
};

enum class Slot : std::uint8_t { word, number, unit, weekday, month, begin };

struct Element {
    Slot slot = Slot::word;
    std::string word;
};

struct Phrase {
    std::vector<Element> elements;
    Meaning meaning = Meaning::none;
    int number = 0;
    bool since = false;           // Until today.
    bool lower = false;           // Not where it is written with a capital.
    bool needs_language = false;  // Only in questions of the language.
};

/// A name of one or more words, and what it stands for.
struct Name {
    std::vector<std::string> words;
    int value;
};

struct Language {
    std::vector<Phrase> phrases;
    std::vector<Name> numbers, units, weekdays, months;  // The longest first.
    std::vector<Name> since, until_now;
    std::unordered_set<std::string> small_words;
    std::unordered_map<std::string, std::vector<const Phrase*>> by_first_word;
    std::vector<const Phrase*> by_first_number;
};

const std::vector<Language>& tables();

/// Cuts a word of scan::words into what phrases are compared by: characters of Chinese and
/// Japanese, else the word without accents of Latin letters. Each with its length in bytes.
std::vector<std::pair<std::string, std::size_t>> pieces_of(std::string_view word);

}  // namespace rag::dates
