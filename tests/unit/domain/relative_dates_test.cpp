#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "domain/query_cues.hpp"
#include "domain/time.hpp"

namespace rag {
namespace {

/// What a question means on Wednesday, 6 March 2024: "2024-3-5", "2024-2-26..2024-3-3", "*-5-3"
/// (in every year), "" (no date); several with a blank between.
std::string dates_in(std::string_view question) {
    static const std::int64_t kToday = *day_number(2024, 3, 6);
    std::string found;
    for (const Period& period : query_cues(question, kToday).periods) {
        const auto date = [](std::optional<int> year, unsigned month, unsigned day) {
            return (year ? std::to_string(*year) : "*") + "-" + std::to_string(month) + "-" +
                   std::to_string(day);
        };
        const std::string first = date(period.year, period.first_month, period.first_day);
        const std::optional<int> last_year = period.last_year ? period.last_year : period.year;
        const std::string last = date(last_year, period.last_month, period.last_day);
        found += (found.empty() ? "" : " ") + (first == last ? first : first + ".." + last);
    }
    return found;
}

struct Asked {
    const char* question;
    const char* dates;
};

class DatesAsked : public testing::TestWithParam<Asked> {};

TEST_P(DatesAsked, AreUnderstood) {
    EXPECT_EQ(dates_in(GetParam().question), GetParam().dates) << GetParam().question;
}

constexpr const char* kLastWeek = "2024-2-26..2024-3-3";
constexpr const char* kThisWeek = "2024-3-4..2024-3-10";
constexpr const char* kLastMonth = "2024-2-1..2024-2-31";
constexpr const char* kLastYear = "2023-1-1..2023-12-31";
constexpr const char* kLastOctober = "2023-10-1..2023-10-31";

INSTANTIATE_TEST_SUITE_P(
    English,
    DatesAsked,
    testing::Values(
        Asked{"Which bolt broke the day before yesterday?", "2024-3-4"},
        Asked{"day before yesterday", "2024-3-4"},
        Asked{"what is due the day after tomorrow", "2024-3-8"},
        Asked{"Who cooks tomorrow?", "2024-3-7"},
        Asked{"the week before last", "2024-2-19..2024-2-25"},
        Asked{"what did we agree on next week", "2024-3-11..2024-3-17"},
        Asked{"what did Tom paint last October?", kLastOctober},
        Asked{"What did Tom paint in October last year?", kLastOctober},
        Asked{"notes of last March", "2023-3-1..2023-3-31"},
        Asked{"what happened last May", "2023-5-1..2023-5-31"},
        Asked{"who moved in March 2024", "2024-3-1..2024-3-31"},
        Asked{"from April to June", "*-4-1..*-4-31 *-6-1..*-6-31"},
        Asked{"everything since Monday", "2024-3-4..2024-3-6"},
        Asked{"everything since last week", "2024-2-26..2024-3-6"},
        Asked{"what changed since yesterday", "2024-3-5..2024-3-6"},
        Asked{"what changed since October?", "2023-10-1..2024-3-6"},
        Asked{"what changed since 3 May 2022?", "2022-5-3..2024-3-6"},
        Asked{"what changed since 2021?", "2021-1-1..2024-3-6"},
        Asked{"what did she plant 2 months ago", "2023-12-22..2024-1-21"},
        Asked{"a year ago", kLastYear},
        Asked{"what was said on Tuesday", "2024-3-5"},
        Asked{"Monday last week", "2024-2-26"},
        Asked{"next Friday", "2024-3-8"},
        Asked{"in the last 2 years", "2022-3-7..2024-3-6"},
        Asked{"last 3 days", "2024-3-3..2024-3-6"},
        Asked{"since 3rd of May 2023", "2023-5-3..2024-3-6"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    NoDate,
    DatesAsked,
    testing::Values(
        Asked{"How long does the battery last?", ""},
        Asked{"Did the storm last three days?", ""},
        Asked{"May I see the second one, in a second?", ""},
        Asked{"this may be the last one", ""},
        Asked{"Who will march with us at the last march?", ""},
        Asked{"What did April say to June?", ""},
        Asked{"the last week of the war", ""},
        Asked{"Did Mark sell his year book?", ""},
        Asked{"sat on the sun", ""},
        Asked{"He took the day off, before noon", ""},
        Asked{"Is the present past?", ""},
        Asked{"99999999 years ago", ""},
        Asked{"5000 years ago", ""},
        Asked{"Wer war hier?", ""},
        Asked{"Guten Morgen, wer kocht?", ""},
        Asked{"Wer kommt jeden morgen?", ""},
        Asked{"Was stand vor dem Haus?", ""},
        Asked{"Wie was hier de baas?", ""},
        Asked{"hier steht was", ""},
        Asked{"Qui a mangé les ans et le mois ?", ""},
        Asked{"Il a un jour de libre", ""},
        Asked{"por la mañana corre", ""},
        Asked{"el año tiene doce meses", ""},
        Asked{"a segunda vez", ""},
        Asked{"há um problema", ""},
        Asked{"il fa due torte", ""},
        Asked{"Anna ha tre anni", ""},
        Asked{"Wat doet hij met het paar?", ""},
        Asked{"goede morgen, wie is daar", ""},
        Asked{"Кто любит эту среду обитания?", ""},
        Asked{"Сколько лет Анне?", ""},
        Asked{"他先天失明", ""},
        Asked{"每天喝几杯水", ""},
        Asked{"一共有3个月的数据吗", ""},
        Asked{"彼は一日中寝た", ""},
        Asked{"1990年代の音楽", "1990-1-1..1990-12-31"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    German,
    DatesAsked,
    testing::Values(
        Asked{"Was hat Jana gestern gesagt?", "2024-3-5"},
        Asked{"Was war vorgestern?", "2024-3-4"},
        Asked{"Was kommt übermorgen?", "2024-3-8"},
        Asked{"wer kommt morgen", "2024-3-7"},
        Asked{"Was war heute Morgen?", "2024-3-6"},
        Asked{"Wer fuhr vor drei Wochen nach Ulm?", "2024-2-11..2024-2-17"},
        Asked{"vor einem Jahr", kLastYear},
        Asked{"letzten Monat", kLastMonth},
        Asked{"Was planten wir letztes Jahr?", kLastYear},
        Asked{"diese Woche", kThisWeek},
        Asked{"nächste Woche", "2024-3-11..2024-3-17"},
        Asked{"letzten Oktober", kLastOctober},
        Asked{"seit Montag", "2024-3-4..2024-3-6"},
        Asked{"am Dienstag", "2024-3-5"},
        Asked{"Was war am 3. Mai?", "*-5-3"},
        Asked{"seit dem 3. Mai 2022", "2022-5-3..2024-3-6"},
        Asked{"im März", "*-3-1..*-3-31"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    French,
    DatesAsked,
    testing::Values(
        Asked{"hier", "2024-3-5"},
        Asked{"Qu'est-ce que Luc a dit hier ?", "2024-3-5"},
        Asked{"Qui est venu avant-hier ?", "2024-3-4"},
        Asked{"aujourd’hui", "2024-3-6"},
        Asked{"après-demain", "2024-3-8"},
        Asked{"il y a deux semaines", "2024-2-18..2024-2-24"},
        Asked{"le mois dernier", kLastMonth},
        Asked{"l'année dernière", kLastYear},
        Asked{"cette semaine", kThisWeek},
        Asked{"lundi dernier", "2024-3-4"},
        Asked{"depuis lundi", "2024-3-4..2024-3-6"},
        Asked{"en octobre dernier", kLastOctober},
        Asked{"le 3 mai 2024", "2024-5-3"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Spanish,
    DatesAsked,
    testing::Values(
        Asked{"¿Qué dijo Eva ayer?", "2024-3-5"},
        Asked{"anteayer", "2024-3-4"},
        Asked{"antes de ayer", "2024-3-4"},
        Asked{"¿Qué hay mañana?", "2024-3-7"},
        Asked{"pasado mañana", "2024-3-8"},
        Asked{"hace tres días", "2024-3-3"},
        Asked{"la semana pasada", kLastWeek},
        Asked{"este mes", "2024-3-1..2024-3-31"},
        Asked{"el año pasado", kLastYear},
        Asked{"el lunes pasado", "2024-3-4"},
        Asked{"desde el lunes", "2024-3-4..2024-3-6"},
        Asked{"en octubre del año pasado", kLastOctober},
        Asked{"el 3 de mayo de 2023", "2023-5-3"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Portuguese,
    DatesAsked,
    testing::Values(
        Asked{"O que a Rita disse ontem?", "2024-3-5"},
        Asked{"anteontem", "2024-3-4"},
        Asked{"hoje", "2024-3-6"},
        Asked{"amanhã", "2024-3-7"},
        Asked{"há 3 dias", "2024-3-3"},
        Asked{"duas semanas atrás", "2024-2-18..2024-2-24"},
        Asked{"na semana passada", kLastWeek},
        Asked{"o mês passado", kLastMonth},
        Asked{"este ano", "2024-1-1..2024-12-31"},
        Asked{"na segunda-feira", "2024-3-4"},
        Asked{"desde segunda-feira", "2024-3-4..2024-3-6"},
        Asked{"em outubro do ano passado", kLastOctober},
        Asked{"3 de maio de 2023", "2023-5-3"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Italian,
    DatesAsked,
    testing::Values(
        Asked{"Cosa ha detto Ugo ieri?", "2024-3-5"},
        Asked{"l'altro ieri", "2024-3-4"},
        Asked{"oggi", "2024-3-6"},
        Asked{"dopodomani", "2024-3-8"},
        Asked{"due settimane fa", "2024-2-18..2024-2-24"},
        Asked{"la settimana scorsa", kLastWeek},
        Asked{"il mese scorso", kLastMonth},
        Asked{"quest'anno", "2024-1-1..2024-12-31"},
        Asked{"lunedì scorso", "2024-3-4"},
        Asked{"da lunedì", "2024-3-4..2024-3-6"},
        Asked{"lo scorso ottobre", kLastOctober},
        Asked{"il 3 maggio 2023", "2023-5-3"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Dutch,
    DatesAsked,
    testing::Values(
        Asked{"Wat zei Bram gisteren?", "2024-3-5"},
        Asked{"eergisteren", "2024-3-4"},
        Asked{"wat doen we morgen", "2024-3-7"},
        Asked{"overmorgen", "2024-3-8"},
        Asked{"drie weken geleden", "2024-2-11..2024-2-17"},
        Asked{"vorige week", kLastWeek},
        Asked{"afgelopen maand", kLastMonth},
        Asked{"vorig jaar", kLastYear},
        Asked{"op dinsdag", "2024-3-5"},
        Asked{"sinds maandag", "2024-3-4..2024-3-6"},
        Asked{"afgelopen oktober", kLastOctober},
        Asked{"3 mei 2023", "2023-5-3"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Russian,
    DatesAsked,
    testing::Values(
        Asked{"Что Олег сказал вчера?", "2024-3-5"},
        Asked{"позавчера", "2024-3-4"},
        Asked{"Сегодня", "2024-3-6"},
        Asked{"послезавтра", "2024-3-8"},
        Asked{"три недели назад", "2024-2-11..2024-2-17"},
        Asked{"неделю назад", "2024-2-25..2024-3-2"},
        Asked{"на прошлой неделе", kLastWeek},
        Asked{"в прошлом месяце", kLastMonth},
        Asked{"в прошлом году", kLastYear},
        Asked{"в этом году", "2024-1-1..2024-12-31"},
        Asked{"во вторник", "2024-3-5"},
        Asked{"с понедельника", "2024-3-4..2024-3-6"},
        Asked{"в прошлом октябре", kLastOctober},
        Asked{"Что было 3 мая?", "*-5-3"},
        Asked{"3 мая 2023", "2023-5-3"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Chinese,
    DatesAsked,
    testing::Values(
        Asked{"小王昨天说了什么？", "2024-3-5"},
        Asked{"我们前天决定了什么", "2024-3-4"},
        Asked{"今天有什么事", "2024-3-6"},
        Asked{"后天开会吗", "2024-3-8"},
        Asked{"三天前谁来了", "2024-3-3"},
        Asked{"2个星期前", "2024-2-18..2024-2-24"},
        Asked{"上周讨论了什么", kLastWeek},
        Asked{"上个月花了多少钱", kLastMonth},
        Asked{"去年去了哪里", kLastYear},
        Asked{"去年10月买了什么", kLastOctober},
        Asked{"上周一谁请假", "2024-2-26"},
        Asked{"从星期一开始", "2024-3-4..2024-3-6"},
        Asked{"2023年5月3日发生了什么", "2023-5-3"},
        Asked{"5月3日谁来了", "*-5-3"},
        Asked{"2023年5月", "2023-5-1..2023-5-31"},
        Asked{"2019年的事", "2019-1-1..2019-12-31"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Japanese,
    DatesAsked,
    testing::Values(
        Asked{"昨日は何を話しましたか", "2024-3-5"},
        Asked{"おとといの会議", "2024-3-4"},
        Asked{"一昨日の会議", "2024-3-4"},
        Asked{"今日の予定", "2024-3-6"},
        Asked{"明後日", "2024-3-8"},
        Asked{"3日前に誰が来た", "2024-3-3"},
        Asked{"2週間前", "2024-2-18..2024-2-24"},
        Asked{"先週の話", kLastWeek},
        Asked{"先月いくら使った", kLastMonth},
        Asked{"去年どこへ行った", kLastYear},
        Asked{"昨年の10月", kLastOctober},
        Asked{"先週の月曜日", "2024-2-26"},
        Asked{"月曜日から", "2024-3-4..2024-3-6"},
        Asked{"2023年5月3日に", "2023-5-3"},
        Asked{"5月3日", "*-5-3"}
    )
);

TEST(RelativeDates, StandInLongQuestionsWithoutDelay) {
    std::string question;
    while (question.size() < 9'900) question += "vor 999 Jahren 昨日 il y a last ";
    const auto begin = std::chrono::steady_clock::now();

    const QueryCues cues = query_cues(question, 20'000);

    EXPECT_FALSE(cues.periods.empty());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(200));
}

TEST(RelativeDates, OfSeveralYearsHoldEveryDayBetween) {
    const QueryCues cues = query_cues("everything since 2019", *day_number(2024, 3, 6));

    EXPECT_FLOAT_EQ(cues.closeness(*day_number(2019, 1, 1)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(*day_number(2021, 7, 9)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(*day_number(2024, 3, 6)), 1);
    EXPECT_LT(cues.closeness(*day_number(2018, 11, 1)), 0.1);
}

}  // namespace
}  // namespace rag
