#include "domain/query_cues.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/time.hpp"

namespace rag {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "2023-05-01..2023-05-31", "*-05-08": readable spans.
std::vector<std::string> dates_in(
    std::string_view question, std::optional<std::int64_t> today = std::nullopt
) {
    std::vector<std::string> found;
    for (const Period& period : query_cues(question, today).periods) {
        const std::string year = period.year ? std::to_string(*period.year) : "*";
        const auto date = [&](unsigned month, unsigned day) {
            return year + "-" + std::to_string(month) + "-" + std::to_string(day);
        };
        std::string text = date(period.first_month, period.first_day);
        const std::string last = date(period.last_month, period.last_day);
        found.push_back(text == last ? text : text + ".." + last);
    }
    return found;
}

std::int64_t day(int year, unsigned month, unsigned day_of_month) {
    return *day_number(year, month, day_of_month);
}

TEST(QueryCues, ReadDatesInPlainEnglish) {
    EXPECT_THAT(dates_in("What did Ana do on 15 March 2023?"), ElementsAre("2023-3-15"));
    EXPECT_THAT(dates_in("Where was she on March 15th, 2023?"), ElementsAre("2023-3-15"));
    EXPECT_THAT(dates_in("the 15th of March"), ElementsAre("*-3-15"));
    EXPECT_THAT(dates_in("in October, who left?"), ElementsAre("*-10-1..*-10-31"));
    EXPECT_THAT(dates_in("in Oct. 2022"), ElementsAre("2022-10-1..2022-10-31"));
    EXPECT_THAT(dates_in("What happened in 2021?"), ElementsAre("2021-1-1..2021-12-31"));
    EXPECT_THAT(
        dates_in("between June and August of 2022"),
        ElementsAre("2022-6-1..2022-6-31", "2022-8-1..2022-8-31")
    );
}

TEST(QueryCues, ReadDatesInOtherLanguages) {
    EXPECT_THAT(dates_in("Was war am 15. März 2023?"), ElementsAre("2023-3-15"));
    EXPECT_THAT(dates_in("Qui est venu le 1er août ?"), ElementsAre("*-8-1"));
    EXPECT_THAT(dates_in("¿Qué pasó el 3 de mayo de 2022?"), ElementsAre("2022-5-3"));
    EXPECT_THAT(dates_in("Cosa ha fatto il 2 giugno?"), ElementsAre("*-6-2"));
    EXPECT_THAT(dates_in("O que fez em 7 de março de 2021?"), ElementsAre("2021-3-7"));
    EXPECT_THAT(dates_in("Wat gebeurde er op 4 mei 2020?"), ElementsAre("2020-5-4"));
    EXPECT_THAT(dates_in("Wer kam im Mai?"), ElementsAre("*-5-1..*-5-31"));
}

TEST(QueryCues, ReadDatesInDigits) {
    EXPECT_THAT(dates_in("What was said on 2023-05-08?"), ElementsAre("2023-5-8"));
    EXPECT_THAT(dates_in("Was war am 8.5.2023?"), ElementsAre("2023-5-8"));
    EXPECT_THAT(dates_in("on 5/8/2023"), ElementsAre("2023-5-8"));
    EXPECT_THAT(dates_in("on 25/8/2023"), ElementsAre("2023-8-25"));
}

TEST(QueryCues, TakeMayForAMonthOnlyBesideADateWord) {
    EXPECT_THAT(dates_in("What may she want?"), IsEmpty());
    EXPECT_THAT(dates_in("When did they meet in May?"), ElementsAre("*-5-1..*-5-31"));
    EXPECT_THAT(dates_in("on May 5"), ElementsAre("*-5-5"));
    EXPECT_THAT(dates_in("Who likes mayo?"), IsEmpty());
    EXPECT_THAT(dates_in("Is there life on the planet Mars?"), IsEmpty());
}

TEST(QueryCues, FindNoDateWhereThereIsNone) {
    EXPECT_THAT(dates_in(""), IsEmpty());
    EXPECT_THAT(dates_in("How many of the 15 people came?"), IsEmpty());
    EXPECT_THAT(dates_in("Which 20231 things?"), IsEmpty());
    EXPECT_THAT(dates_in("What is in room 12/5?"), IsEmpty());
}

TEST(QueryCues, CountFromToday) {
    const std::int64_t today = day(2024, 3, 6);  // A Wednesday.
    const auto dates = [today](std::string_view question) { return dates_in(question, today); };

    EXPECT_THAT(dates("What did Ana say yesterday?"), ElementsAre("2024-3-5"));
    EXPECT_THAT(dates("What did we decide today?"), ElementsAre("2024-3-6"));
    EXPECT_THAT(dates("who called last night"), ElementsAre("2024-3-5"));
    EXPECT_THAT(dates("What was planned last week?"), ElementsAre("2024-2-26..2024-3-3"));
    EXPECT_THAT(dates("What is planned this week?"), ElementsAre("2024-3-4..2024-3-10"));
    EXPECT_THAT(dates("last weekend"), ElementsAre("2024-3-2..2024-3-3"));
    EXPECT_THAT(dates("What did I spend last month?"), ElementsAre("2024-2-1..2024-2-31"));
    EXPECT_THAT(dates("Where did we go last year?"), ElementsAre("2023-1-1..2023-12-31"));
    EXPECT_THAT(dates("What broke on Friday?"), ElementsAre("2024-3-1"));
    EXPECT_THAT(dates("What broke last Wednesday?"), ElementsAre("2024-2-28"));
    EXPECT_THAT(dates("Who joined 10 days ago?"), ElementsAre("2024-2-25"));
    EXPECT_THAT(dates("Who joined two weeks ago?"), ElementsAre("2024-2-18..2024-2-24"));
    EXPECT_THAT(dates("a couple of days ago"), ElementsAre("2024-3-4"));
    EXPECT_THAT(dates("a few months ago"), ElementsAre("2023-11-22..2023-12-22"));
    EXPECT_THAT(dates("three years ago"), ElementsAre("2021-1-1..2021-12-31"));
    EXPECT_THAT(dates("the last 3 days"), ElementsAre("2024-3-3..2024-3-6"));
    EXPECT_THAT(dates("Was war letzte Woche?"), ElementsAre("2024-2-26..2024-3-3"));
    EXPECT_THAT(dates("Wer kam vor 2 Tagen?"), ElementsAre("2024-3-4"));
    EXPECT_THAT(dates("Qui est venu la semaine dernière ?"), ElementsAre("2024-2-26..2024-3-3"));
    EXPECT_THAT(dates("Qui est venu il y a 3 jours ?"), ElementsAre("2024-3-3"));
    EXPECT_THAT(dates("¿Qué pasó ayer?"), ElementsAre("2024-3-5"));
}

TEST(QueryCues, CountFromTodayOnlyWhereNoDateIsWrittenOut) {
    const std::int64_t today = day(2024, 3, 6);

    EXPECT_THAT(
        dates_in("What was said last week, on 5 May 2023?", today), ElementsAre("2023-5-5")
    );
    EXPECT_THAT(dates_in("What was said last week?"), IsEmpty());
    EXPECT_THAT(dates_in("How many days does it last?", today), IsEmpty());
    EXPECT_THAT(dates_in("Who was the last one?", today), IsEmpty());
    EXPECT_THAT(dates_in("Who came on the last day of a three day trip?", today), IsEmpty());
}

TEST(QueryCues, CountAcrossTheTurnOfTheYear) {
    const QueryCues cues = query_cues("What did we do in the last two weeks?", day(2024, 1, 5));

    EXPECT_FLOAT_EQ(cues.closeness(day(2023, 12, 24)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(day(2024, 1, 4)), 1);
    EXPECT_LT(cues.closeness(day(2023, 12, 20)), 0.5);
}

TEST(QueryCues, KnowAQuestionForATime) {
    for (const std::string_view question :
         {"When did she leave?",
          "  since when?",
          "In which year was he born?",
          "What date is the exam?",
          "How long ago was that?",
          "Wann war das?",
          "Quand est-ce arrivé ?",
          "¿Cuándo llegó?",
          "In welchem Jahr kam er?",
          "Когда это было?",
          "她什么时候搬家的？"}) {
        EXPECT_TRUE(query_cues(question).asks_when) << question;
    }
    for (const std::string_view question :
         {"What did she do when she left?",
          "How long is it?",
          "Which house did he buy?",
          "Who came?",
          "",
          "Does Ana know when?"}) {
        EXPECT_FALSE(query_cues(question).asks_when) << question;
    }
}

TEST(QueryCues, KnowWhoIsNamed) {
    EXPECT_TRUE(query_cues("What did Melanie paint?").names("Melanie"));
    EXPECT_TRUE(query_cues("What did Mel paint?").names("Melanie"));
    EXPECT_TRUE(query_cues("what did ross say").names("Ross Geller"));
    EXPECT_TRUE(query_cues("What did José say?").names("josé"));
    EXPECT_FALSE(query_cues("What did Caroline paint?").names("Melanie"));
    EXPECT_FALSE(query_cues("What did Melanie paint?").names(""));
    EXPECT_FALSE(query_cues("What did E do?").names("Grad E"));
}

TEST(QueryCues, DoNotTakeFunctionWordsForNames) {
    EXPECT_FALSE(query_cues("Who came and left?").names("Andrew"));
    EXPECT_FALSE(query_cues("Will Ana come?").names("Will"));
    EXPECT_TRUE(query_cues("What does Will think?").names("Will"));
    EXPECT_FALSE(query_cues("What will she do?").names("Will"));
}

TEST(QueryCues, KnowNamesOfTwoLettersAndNamesWithoutSpaces) {
    EXPECT_TRUE(query_cues("What did Bo eat?").names("Bo"));
    EXPECT_TRUE(query_cues("王芳昨天说了什么？").names("王芳"));
    EXPECT_TRUE(query_cues("田中さんは何を言いましたか").names("田中"));
    EXPECT_FALSE(query_cues("王芳昨天说了什么？").names("李明"));
}

TEST(Closeness, IsFullWithinThePeriodAndFadesAfterIt) {
    const QueryCues cues = query_cues("What happened in March 2023?");

    EXPECT_FLOAT_EQ(cues.closeness(day(2023, 3, 1)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(day(2023, 3, 31)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(day(2023, 4, 10)), 0.7F);
    EXPECT_NEAR(cues.closeness(day(2023, 4, 30)), 0.7 * std::exp(-1), 1e-4);
    EXPECT_NEAR(cues.closeness(day(2023, 2, 22)), 0.3 * std::exp(-1), 1e-4);
    EXPECT_LT(cues.closeness(day(2024, 3, 15)), 0.01);
}

TEST(Closeness, WithoutAYearIsThatOfTheNearestYear) {
    const QueryCues cues = query_cues("What happened in December?");

    EXPECT_FLOAT_EQ(cues.closeness(day(2021, 12, 24)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(day(2024, 12, 24)), 1);
    EXPECT_FLOAT_EQ(cues.closeness(day(2024, 1, 5)), 0.7F);
}

TEST(Closeness, IsNothingWithoutADate) {
    EXPECT_FLOAT_EQ(query_cues("What happened?").closeness(day(2023, 3, 1)), 0);
    EXPECT_FLOAT_EQ(query_cues("on 31 June").closeness(day(2023, 6, 30)), 0);
}

TEST(Closeness, OfTheTwentyNinthOfFebruaryLooksAtLeapYears) {
    EXPECT_FLOAT_EQ(query_cues("on 29 February").closeness(day(2024, 2, 29)), 1);
}

TEST(TimeWord, TellsWhenSomethingIs) {
    for (const std::string_view text :
         {"I went there yesterday.",
          "We met last week",
          "last Tuesday",
          "In 2021 I moved",
          "two years ago",
          "she is 5 years old",
          "a couple of days later",
          "It starts in June!",
          "this morning",
          "Gestern war ich dort",
          "le mardi suivant",
          "sinds maandag"}) {
        EXPECT_TRUE(has_time_word(text)) << text;
    }
    for (const std::string_view text :
         {"",
          "I like it",
          "that may be",
          "last but not least",
          "room 20231",
          "a couple of apples"}) {
        EXPECT_FALSE(has_time_word(text)) << text;
    }
}

TEST(ShareOfQuestions, CountsSentencesThatEndInAQuestionMark) {
    EXPECT_FLOAT_EQ(share_of_questions(""), 0);
    EXPECT_FLOAT_EQ(share_of_questions("Yes."), 0);
    EXPECT_FLOAT_EQ(share_of_questions("Really?"), 1);
    EXPECT_FLOAT_EQ(share_of_questions("Great! How are you? Fine. And the kids"), 0.25F);
    EXPECT_FLOAT_EQ(share_of_questions("What?! Is it 3.5?"), 0.5F);
    EXPECT_FLOAT_EQ(share_of_questions("元気ですか？はい。"), 0.5F);
}

}  // namespace
}  // namespace rag
