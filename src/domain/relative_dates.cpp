#include "relative_dates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "calendar.hpp"
#include "phrase_table.hpp"

namespace rag {
namespace {

using dates::Element;
using dates::Found;
using dates::Language;
using dates::Meaning;
using dates::Name;
using dates::Phrase;
using dates::Slot;

constexpr int kCountMax = 9'999;

struct Token {
    std::string text;
    std::size_t begin;  // Bytes of the question.
    std::size_t end;
    int number;
    bool capitalised;
};

std::vector<Token> tokens_of(const std::vector<scan::Word>& words) {
    std::vector<Token> tokens;
    for (const scan::Word& word : words) {
        std::size_t begin = word.begin;
        for (auto& [text, bytes] : dates::pieces_of(word.text)) {
            // Small letters of some scripts have other lengths; what is read here has not.
            const std::size_t end = std::min(begin + bytes, word.end);
            tokens.push_back({std::move(text), begin, end, word.number, word.capitalised});
            begin = end;
        }
        tokens.back().end = word.end;
    }
    return tokens;
}

/// Reads phrases out of a question.
class PhraseReader {
public:
    PhraseReader(std::string_view question, const std::vector<scan::Word>& words)
        : question_(question), tokens_(tokens_of(words)) {}

    const std::vector<Token>& tokens() const { return tokens_; }

    /// The longest at a place; `phrase` is null if there is none.
    Found at(std::size_t place) const {
        Found best;
        for (const Language& language : dates::tables()) {
            const auto known = language.by_first_word.find(tokens_[place].text);
            if (known != language.by_first_word.end()) {
                for (const Phrase* phrase : known->second) take(language, *phrase, place, best);
            }
            if (tokens_[place].number < 0) continue;
            for (const Phrase* phrase : language.by_first_number) {
                take(language, *phrase, place, best);
            }
        }
        return best;
    }

    bool goes_on_until_now(const Found& found) const {
        for (const Name& name : found.language->until_now) {
            if (name_ends(name, found.end)) return true;
        }
        for (const Name& name : found.language->since) {
            if (name.words.size() > found.begin) continue;
            const std::size_t begin = found.begin - name.words.size();
            if (name_ends(name, begin) == found.begin) return true;
        }
        return false;
    }

    bool follows(std::size_t place, std::initializer_list<std::string_view> words) const {
        return place > 0 && std::ranges::find(words, tokens_[place - 1].text) != words.end();
    }

    bool number_beside(std::size_t place) const {
        if (place > 0 && tokens_[place - 1].number >= 0) return true;
        return place + 1 < tokens_.size() && tokens_[place + 1].number >= 0;
    }

private:
    void take(const Language& language, const Phrase& phrase, std::size_t place, Found& best)
        const {
        if (phrase.lower && tokens_[place].capitalised) return;
        Found found;
        found.language = &language;
        found.phrase = &phrase;
        found.begin = found.end = place;
        for (const Element& element : phrase.elements) {
            if (!match(language, element, found)) return;
        }
        if (phrase.needs_language && !is_written_in(language)) return;
        if (found.end > best.end) best = found;
    }

    bool match(const Language& language, const Element& element, Found& found) const {
        switch (element.slot) {
            case Slot::begin:
                return found.end == 0;
            case Slot::word:
                if (!continues(found) || tokens_[found.end].text != element.word) return false;
                ++found.end;
                return true;
            case Slot::number:
                return match_number(language, found);
            case Slot::unit:
                return match_name(language.units, found, found.unit);
            case Slot::weekday:
                return match_name(language.weekdays, found, found.weekday);
            case Slot::month:
                found.month_place = found.end;
                return match_name(language.months, found, found.month);
        }
        return false;
    }

    bool match_number(const Language& language, Found& found) const {
        if (!continues(found)) return false;
        int number = tokens_[found.end].number;
        if (number >= 0) {
            ++found.end;
        } else if (!match_name(language.numbers, found, number)) {
            return false;
        }
        found.number = number;
        return number > 0 && number <= kCountMax;
    }

    bool match_name(const std::vector<Name>& names, Found& found, int& value) const {
        if (!continues(found)) return false;
        for (const Name& name : names) {
            const std::size_t end = name_ends(name, found.end);
            if (end == 0) continue;
            found.end = end;
            value = name.value;
            return true;
        }
        return false;
    }

    /// Where a name that begins at a place ends; 0: it does not stand there.
    std::size_t name_ends(const Name& name, std::size_t place) const {
        for (const std::string& word : name.words) {
            if (place >= tokens_.size() || tokens_[place].text != word) return 0;
            ++place;
            if (&word != &name.words.back() && !is_joined(place)) return 0;
        }
        return place;
    }

    bool continues(const Found& found) const {
        if (found.end >= tokens_.size()) return false;
        return found.end == found.begin || is_joined(found.end);
    }

    /// No sentence ends between a token and the one before.
    bool is_joined(std::size_t place) const {
        if (place == 0 || place >= tokens_.size()) return false;
        const std::size_t begin = tokens_[place - 1].end;
        const std::string_view gap = question_.substr(begin, tokens_[place].begin - begin);
        // Blanks, hyphens and apostrophes, of which some have several bytes.
        return gap.find_first_not_of(" \t\n-'\xE2\x80\x99\x90\x91\xC2\xA0") ==
               std::string_view::npos;
    }

    /// By its small words: more of them than of any other language.
    bool is_written_in(const Language& language) const {
        if (tokens_.size() == 1) return true;
        const std::size_t own = small_words(language);
        return own > 0 && std::ranges::all_of(dates::tables(), [&](const Language& other) {
                   return &other == &language || small_words(other) < own;
               });
    }

    std::size_t small_words(const Language& language) const {
        constexpr std::size_t kTokensRead = 40;
        std::size_t count = 0;
        for (std::size_t at = 0; at < std::min(kTokensRead, tokens_.size()); ++at) {
            if (language.small_words.contains(tokens_[at].text)) ++count;
        }
        return count;
    }

    std::string_view question_;
    std::vector<Token> tokens_;
};

/// English months that are other words too are written small as those: "this may be", "the last
/// march".
bool is_another_word(const PhraseReader& reader, const Found& found) {
    const Token& month = reader.tokens()[found.month_place];
    if (month.capitalised || (month.text != "may" && month.text != "march")) return false;
    return found.phrase->number == 0 ||
           reader.follows(found.begin, {"the", "a", "our", "their", "his", "her", "my", "at"});
}

}  // namespace

RelativeDates find_relative_dates(
    std::string_view question, const std::vector<scan::Word>& words, std::int64_t today
) {
    const PhraseReader reader(question, words);
    RelativeDates dates;
    for (std::size_t place = 0; place < reader.tokens().size();) {
        const Found found = reader.at(place);
        if (found.phrase == nullptr) {
            ++place;
            continue;
        }
        place = found.end;
        if (found.month > 0) {
            // Beside a number it is a date that is written out ("last March 15").
            if (reader.number_beside(found.month_place)) continue;
        }
        const auto take_month = [&] {
            dates.months.emplace_back(
                reader.tokens()[found.begin].begin, reader.tokens()[found.end - 1].end
            );
        };
        if (found.month > 0 && is_another_word(reader, found)) {
            take_month();
            continue;
        }
        std::optional<Period> period = meant_period(found, today);
        if (!period) continue;
        if (found.phrase->since || reader.goes_on_until_now(found)) {
            go_on_until_today(*period, today);
        }
        dates.periods.push_back(*period);
        if (found.month > 0 || found.phrase->meaning == Meaning::month_of_year) take_month();
    }
    return dates;
}

}  // namespace rag
