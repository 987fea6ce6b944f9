#pragma once

#include <span>
#include <string_view>

/// The words of ten languages for dates that are counted from today; a table a language.
namespace rag::dates {

struct DateLanguage {
    std::string_view units;  // "day=tag tage week=woche": see date_phrases.cpp for the notation.
    std::string_view weekdays;
    std::string_view months = {};
    std::string_view numbers;
    std::string_view since = {};      // Before a date: from then until today.
    std::string_view until_now = {};  // Behind one, alike.
    /// Tell the language of a question, where a phrase says "sure": it is another word elsewhere.
    std::string_view small_words = {};
    std::string_view phrases;
};

std::span<const DateLanguage> western_languages();  // English and those around it.
std::span<const DateLanguage> eastern_languages();  // Russian, Chinese, Japanese.

}  // namespace rag::dates
