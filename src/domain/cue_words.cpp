#include "cue_words.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace rag::cues {
namespace {

/// Words of a text, separated by white space; the tables below are written that way.
std::unordered_set<std::string_view> set_of(std::string_view text) {
    std::unordered_set<std::string_view> words;
    for (std::size_t place = 0; place < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", place), text.size());
        if (end > place) words.insert(text.substr(place, end - place));
        place = end + 1;
    }
    return words;
}

// A row is a month.
constexpr std::string_view kMonths[12] = {
    "january januar jänner janvier enero gennaio janeiro januari",
    "february februar feber février fevrier febrero febbraio fevereiro februari",
    "march märz maerz marzo março marco maart",
    "april avril abril aprile",
    "maggio maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dicembre dezembro",
};
constexpr std::string_view kShortMonths[12] = {
    "jan",
    "feb",
    "",
    "apr",
    "",
    "jun",
    "jul",
    "aug",
    "sep sept",
    "oct okt",
    "nov",
    "dec dez",
};
constexpr std::string_view kAmbiguousMonths[12] = {
    "",
    "",
    "mars",
    "",
    "may mai mei mayo",
    "",
    "",
    "aout ago",
    "",
    "",
    "",
    "dic",
};

constexpr std::string_view kRussianMonths[12] = {
    "январь января январе",
    "февраль февраля феврале",
    "март марта марте",
    "апрель апреля апреле",
    "май мая мае",
    "июнь июня июне",
    "июль июля июле",
    "август августа августе",
    "сентябрь сентября сентябре",
    "октябрь октября октябре",
    "ноябрь ноября ноябре",
    "декабрь декабря декабре",
};

std::unordered_map<std::string_view, MonthName> make_months() {
    std::unordered_map<std::string_view, MonthName> months;
    for (unsigned month = 1; month <= 12; ++month) {
        for (const auto word : set_of(kMonths[month - 1])) months[word] = {month, false, false};
        for (const auto word : set_of(kShortMonths[month - 1])) months[word] = {month, false, true};
        for (const auto word : set_of(kAmbiguousMonths[month - 1])) {
            months[word] = {month, true, false};
        }
    }
    months["marco"].ambiguous = true;  // A name too.
    for (const auto word : set_of("march april june august juli juni")) {
        months[word].a_word_too = true;
    }
    for (unsigned month = 1; month <= 12; ++month) {
        for (const auto word : set_of(kRussianMonths[month - 1])) {
            months[word] = {month, false, false};
        }
    }
    return months;
}

}  // namespace

MonthName month_named(std::string_view word) {
    static const auto kNames = make_months();
    const auto found = kNames.find(word);
    return found == kNames.end() ? MonthName{} : found->second;
}

bool leads_to_month(std::string_view word) {
    static const auto kWords = set_of(
        "in on of during late early mid since until by last this next "
        "im am seit bis ende anfang mitte letzten nächsten "
        "en le de début fin depuis el desde finales principios "
        "nel di dal em desde sinds eind begin half"
    );
    return kWords.contains(word);
}

bool leads_to_months(std::string_view word) {
    static const auto kWords = set_of("between around zwischen");
    return kWords.contains(word);
}

bool joins_months(std::string_view word) {
    static const auto kWords = set_of("and or to und oder bis et ou y e o en of");
    return kWords.contains(word);
}

bool is_since(std::string_view word) {
    static const auto kWords = set_of("since seit depuis desde sinds dal с со 自 从 從 自从 自從");
    return kWords.contains(word);
}

bool stands_before_day(std::string_view word) {
    static const auto kWords = set_of("the dem der den le la el de het il o a");
    return kWords.contains(word);
}

bool goes_on(std::string_view word) {
    constexpr std::string_view kEnds[] = {"以来", "以來", "以降", "以后", "以後", "起", "から"};
    return std::any_of(std::begin(kEnds), std::end(kEnds), [word](std::string_view end) {
        const std::size_t at = word.find(end);
        return at != std::string_view::npos && at <= std::string_view("日").size();
    });
}

bool links_date(std::string_view word) {
    static const auto kWords = set_of("of the de del di d");
    return kWords.contains(word);
}

bool is_ordinal_suffix(std::string_view word) {
    static const auto kWords = set_of("st nd rd th er e º ª de ste");
    return kWords.contains(word);
}

bool is_time_word(std::string_view word) {
    static const auto kWords = set_of(
        "yesterday today tonight tomorrow ago recently since just "
        "monday tuesday wednesday thursday friday saturday sunday "
        "gestern vorgestern heute neulich kürzlich "
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
        "aujourd demain récemment lundi mardi mercredi jeudi vendredi samedi dimanche "
        "ayer anteayer hoy anoche recientemente lunes martes miércoles jueves viernes sábado "
        "ieri oggi domani recentemente lunedì martedì mercoledì giovedì venerdì sabato domenica "
        "ontem hoje amanhã recentemente feira domingo "
        "gisteren eergisteren vandaag morgen onlangs "
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
    );
    return kWords.contains(word);
}

bool is_time_unit(std::string_view word) {
    static const auto kWords = set_of("week month year weekend");
    return kWords.contains(word);
}

bool is_when(std::string_view word) {
    static const auto kWords = set_of("when wann quand cuándo cuando quando wanneer когда");
    return kWords.contains(word);
}

bool is_which(std::string_view word) {
    static const auto kWords = set_of(
        "which what welches welchem welchen welcher quelle quel qué que quale che qual welk welke "
        "каком какого"
    );
    return kWords.contains(word);
}

bool is_calendar_unit(std::string_view word) {
    static const auto kWords = set_of(
        "year month day date jahr monat tag datum année annee mois jour año mes día fecha "
        "anno mese giorno data ano mês dia jaar maand dag году месяце числа"
    );
    return kWords.contains(word);
}

bool is_function_word(std::string_view word) {
    static const auto kWords = set_of(
        "a an the and or but if of to in on at by for with from as is are was were be been being "
        "am do does did has have had i you he she it we they me him her us them my your his its "
        "our their this that these those what when where who whom which why how would could "
        "should will can not so about may might must shall than then there here no yes all any"
    );
    return kWords.contains(word);
}

}  // namespace rag::cues
