#include "phrase_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "date_phrases.hpp"
#include "scan.hpp"

namespace rag::dates {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 5> kUnits{{
    {"day", static_cast<int>(Unit::day)},
    {"week", static_cast<int>(Unit::week)},
    {"weekend", static_cast<int>(Unit::weekend)},
    {"month", static_cast<int>(Unit::month)},
    {"year", static_cast<int>(Unit::year)},
}};

constexpr std::array<std::pair<std::string_view, Meaning>, 14> kMeanings{{
    {"none", Meaning::none},
    {"day", Meaning::day},
    {"unit", Meaning::unit},
    {"week", Meaning::week},
    {"weekend", Meaning::weekend},
    {"month_now", Meaning::month_now},
    {"year", Meaning::year},
    {"ago", Meaning::ago},
    {"past", Meaning::past},
    {"coming", Meaning::coming},
    {"weekday", Meaning::weekday},
    {"weekday_of_week", Meaning::weekday_of_week},
    {"month", Meaning::month},
    {"month_of_year", Meaning::month_of_year},
}};

constexpr std::array<std::pair<std::string_view, Slot>, 5> kSlots{{
    {"{n}", Slot::number},
    {"{unit}", Slot::unit},
    {"{weekday}", Slot::weekday},
    {"{month}", Slot::month},
    {"^", Slot::begin},
}};

template <class Value, std::size_t N>
const Value* look_up(
    const std::array<std::pair<std::string_view, Value>, N>& table, std::string_view name
) {
    for (const auto& entry : table) {
        if (entry.first == name) return &entry.second;
    }
    return nullptr;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        if (end > 0) parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// What a question has where the table has this: "a_couple_of" is three words.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (const std::string_view part : split(text, "_")) {
        for (const scan::Word& word : scan::words(part, part.size())) {
            for (auto& [piece, bytes] : pieces_of(word.text)) words.push_back(std::move(piece));
        }
    }
    return words;
}

int integer(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// "1=monday mon 2=tuesday"
std::vector<Name> names_in(std::string_view text) {
    std::vector<Name> names;
    int value = 0;
    for (std::string_view word : split(text, " \n")) {
        if (const std::size_t sign = word.find('='); sign != std::string_view::npos) {
            const int* unit = look_up(kUnits, word.substr(0, sign));
            value = unit != nullptr ? *unit : integer(word.substr(0, sign));
            word.remove_prefix(sign + 1);
        }
        names.push_back({words_of(word), value});
    }
    std::ranges::stable_sort(names, std::ranges::greater(), [](const Name& name) {
        return name.words.size();
    });
    return names;
}

/// Every way to say "the? day before|after yesterday".
void spell_out(
    const std::vector<std::string_view>& words,
    std::size_t at,
    Phrase said,
    std::vector<Phrase>& into
) {
    if (at == words.size()) {
        into.push_back(std::move(said));
        return;
    }
    std::string_view word = words[at];
    if (word.ends_with('?')) {
        spell_out(words, at + 1, said, into);
        word.remove_suffix(1);
    }
    if (const Slot* slot = look_up(kSlots, word)) {
        said.elements.push_back({*slot, {}});
        spell_out(words, at + 1, std::move(said), into);
        return;
    }
    for (const std::string_view alternative : split(word, "|")) {
        Phrase next = said;
        for (std::string& piece : words_of(alternative)) {
            next.elements.push_back({Slot::word, std::move(piece)});
        }
        spell_out(words, at + 1, std::move(next), into);
    }
}

void add_phrase(std::string_view line, std::vector<Phrase>& into) {
    const std::size_t sign = line.find(" = ");
    const std::vector<std::string_view> meaning = split(line.substr(sign + 3), " ");
    Phrase phrase;
    phrase.meaning = *look_up(kMeanings, meaning[0]);
    if (meaning.size() > 1) phrase.number = integer(meaning[1]);
    phrase.since = meaning.back() == "since";
    phrase.needs_language = meaning.back() == "sure";
    phrase.lower = meaning.back() == "lower";
    spell_out(split(line.substr(0, sign), " "), 0, phrase, into);
}

void index(Language& language) {
    for (const Phrase& phrase : language.phrases) {
        const std::size_t first = phrase.elements[0].slot == Slot::begin ? 1 : 0;
        const Element& element = phrase.elements[first];
        const auto under_each = [&](const std::vector<Name>& names) {
            for (const Name& name : names) {
                auto& known = language.by_first_word[name.words[0]];
                if (known.empty() || known.back() != &phrase) known.push_back(&phrase);
            }
        };
        switch (element.slot) {
            case Slot::number:
                under_each(language.numbers);
                language.by_first_number.push_back(&phrase);
                break;
            case Slot::unit:
                under_each(language.units);
                break;
            case Slot::weekday:
                under_each(language.weekdays);
                break;
            case Slot::month:
                under_each(language.months);
                break;
            default:
                language.by_first_word[element.word].push_back(&phrase);
        }
    }
}

Language make_language(const DateLanguage& table) {
    Language language;
    language.numbers = names_in(table.numbers);
    language.units = names_in(table.units);
    language.weekdays = names_in(table.weekdays);
    language.months = names_in(table.months);
    language.since = names_in(table.since);
    language.until_now = names_in(table.until_now);
    for (const std::string_view word : split(table.small_words, " ")) {
        language.small_words.emplace(word);
    }
    for (const std::string_view line : split(table.phrases, "\n")) {
        add_phrase(line, language.phrases);
    }
    index(language);  // Points into `phrases`, which moves as a whole.
    return language;
}

std::vector<Language> make_tables() {
    std::vector<Language> made;
    made.reserve(
        western_languages().size() + eastern_languages().size()
    );  // Phrases are pointed to.
    for (const DateLanguage& table : western_languages()) made.push_back(make_language(table));
    for (const DateLanguage& table : eastern_languages()) made.push_back(make_language(table));
    return made;
}

/// The letter without its accent, where it is a Latin one that has any.
char32_t plain(char32_t c) {
    constexpr std::string_view kFrom0xE0 = "aaaaaaaceeeeiiiidnooooo/ouuuuyty";
    if (c >= 0xE0 && c <= 0xFF && c != 0xF7) {
        return static_cast<unsigned char>(kFrom0xE0[static_cast<std::size_t>(c - 0xE0)]);
    }
    return c == 0x451 ? 0x435 : c;  // The Russian yo is most often written ye.
}

}  // namespace

const std::vector<Language>& tables() {
    static const std::vector<Language> kTables = make_tables();
    return kTables;
}

std::vector<std::pair<std::string, std::size_t>> pieces_of(std::string_view word) {
    std::vector<std::pair<std::string, std::size_t>> pieces;
    bool open = false;  // Whether the last piece may be continued.
    for (std::size_t place = 0; place < word.size();) {
        const std::size_t begin = place;
        const char32_t c = scan::next_code_point(word, place);
        const bool alone = scan::is_east_asian(c);
        if (alone || !open) pieces.emplace_back();
        open = !alone;
        scan::append_utf8(pieces.back().first, plain(c));
        pieces.back().second += place - begin;
    }
    return pieces;
}

}  // namespace rag::dates
