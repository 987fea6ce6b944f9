#include "text/analyzer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace rag::text {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

std::unique_ptr<TermAnalyzer> analyzer_for(std::string_view language) {
    Result<std::unique_ptr<TermAnalyzer>> made = make_analyzer(language);
    EXPECT_TRUE(made);
    return std::move(*made);
}

std::vector<std::string> terms_of(
    std::string_view text, bool stop = false, std::string_view language = "auto"
) {
    std::vector<std::string> found;
    for (const Term& term : analyzer_for(language)->analyze(text)) {
        if (term.stop == stop) found.insert(found.end(), term.count, term.text);
    }
    return found;
}

TEST(Analyzer, FoldsCaseAndStems) {
    EXPECT_THAT(
        terms_of("The Backups MOVED to new buckets"), ElementsAre("backup", "bucket", "move", "new")
    );
}

TEST(Analyzer, CountsATermOncePerPlace) {
    const auto terms = analyzer_for("auto")->analyze("dog dogs cat Dog's");

    ASSERT_EQ(terms.size(), 2U);
    EXPECT_EQ(terms[0].text, "cat");
    EXPECT_EQ(terms[0].count, 1U);
    EXPECT_EQ(terms[1].text, "dog");
    EXPECT_EQ(terms[1].count, 3U);
}

TEST(Analyzer, LeavesOutThePossessive) {
    EXPECT_THAT(terms_of("Ana's dog"), ElementsAre("ana", "dog"));
    EXPECT_THAT(terms_of("Ana\u2019s dog"), ElementsAre("ana", "dog"));
    EXPECT_THAT(terms_of("ANA'S"), ElementsAre("ana"));
    EXPECT_THAT(terms_of("the '90s and 'sup"), ElementsAre("90s", "sup"));
    EXPECT_THAT(terms_of("Zo\u00EB's"), ElementsAre("zoe"));
}

TEST(Analyzer, KeepsStopWordsApart) {
    EXPECT_THAT(terms_of("What did he do?"), IsEmpty());
    EXPECT_THAT(terms_of("What did he do?", true), ElementsAre("~did", "~do", "~he", "~what"));
    // The stem of "doing" is a content term, although it is spelled as a stop word.
    EXPECT_THAT(terms_of("doing"), ElementsAre("do"));
}

TEST(Analyzer, FoldsAccentsAndWidth) {
    EXPECT_THAT(terms_of("caf\u00E9 cafe\u0301 CAFE"), ElementsAre("cafe", "cafe", "cafe"));
    EXPECT_THAT(terms_of("\uFF28\uFF45\uFF4C\uFF4C\uFF4F \uFB01nd"), ElementsAre("find", "hello"));
    EXPECT_THAT(terms_of("Stra\u00DFe \u0141\u00F3d\u017A"), ElementsAre("lodz", "strass"));
    EXPECT_THAT(terms_of("\u0663\u0664"), ElementsAre("34"));
}

TEST(Analyzer, StemsByScript) {
    EXPECT_EQ(terms_of("собаки"), terms_of("собака"));
    EXPECT_EQ(terms_of("ёлка"), terms_of("елка"));
    EXPECT_EQ(terms_of("σκύλος"), terms_of("ΣΚΎΛΟΣ"));
    EXPECT_FALSE(terms_of("كتاب").empty());
}

TEST(Analyzer, CutsChineseJapaneseAndKoreanIntoPairs) {
    EXPECT_THAT(
        terms_of("\u732B\u306F\u5BB6"),  // 猫は家
        testing::UnorderedElementsAre("\u732B", "\u732B\u306F", "\u306F\u5BB6", "\u5BB6")
    );
    EXPECT_THAT(terms_of("고양이"), testing::UnorderedElementsAre("고양", "양이"));
    EXPECT_THAT(terms_of("か"), ElementsAre("か"));
    EXPECT_THAT(terms_of("GPU使用3台"), IsSupersetOf({"gpu", "使用", "3", "台"}));
}

TEST(Analyzer, FindsThaiWordsByDictionary) {
    EXPECT_THAT(terms_of("ภาษาไทย"), testing::UnorderedElementsAre("ภาษา", "ไทย"));
}

TEST(Analyzer, DoesNotLetOneForeignCharacterChangeTheOtherWords) {
    const std::string plain = "She doesn't like John's old_house, e.g. 2nd floor";

    EXPECT_EQ(terms_of(plain), terms_of(plain + " \U0001F600"));
}

TEST(Analyzer, ShortensWordsWithoutEnd) {
    const auto terms = terms_of(std::string(100'000, 'x'));

    ASSERT_EQ(terms.size(), 1U);
    EXPECT_EQ(terms[0].size(), 128U);
    EXPECT_EQ(terms_of(std::string(200'000, 'x')), terms);
}

TEST(Analyzer, StemsAConfiguredLanguage) {
    EXPECT_EQ(terms_of("Häuser", false, "german"), terms_of("Haus", false, "german"));
    EXPECT_THAT(terms_of("die Häuser und der Hund", false, "german"), Not(Contains("die")));
    EXPECT_EQ(terms_of("mangerons", false, "french"), terms_of("manger", false, "french"));
    EXPECT_EQ(terms_of("собаки", false, "german"), terms_of("собака", false, "german"));
    EXPECT_EQ(terms_of("dogs", false, "russian"), terms_of("dog", false, "russian"));
}

TEST(Analyzer, HasAVersionForEachLanguage) {
    EXPECT_NE(analyzer_for("auto")->version(), analyzer_for("german")->version());
    EXPECT_EQ(analyzer_for("auto")->version(), analyzer_for("auto")->version());
}

TEST(Analyzer, NamesTheLanguagesThereAre) {
    const auto made = make_analyzer("klingon");

    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(made.error().message, testing::HasSubstr("german"));
}

TEST(Analyzer, AnswersAlikeOnManyThreads) {
    const auto analyzer = analyzer_for("auto");
    const std::string text = "The caf\u00E9's dogs were running in \u732B\u306F\u5BB6 yesterday";
    const auto expected = terms_of(text);

    std::vector<std::thread> threads;
    std::vector<int> wrong(4);
    for (int& count : wrong) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                std::vector<std::string> found;
                for (const Term& term : analyzer->analyze(text)) {
                    if (!term.stop) found.insert(found.end(), term.count, term.text);
                }
                if (found != expected) ++count;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();

    EXPECT_THAT(wrong, testing::Each(0));
}

/// Lines of "text<TAB>terms", the terms as the reference ranking makes them.
TEST(Analyzer, MakesTheTermsOfTheReference) {
    std::ifstream file(RAG_TERMS_GOLDEN);
    ASSERT_TRUE(file) << RAG_TERMS_GOLDEN;
    int lines = 0;

    for (std::string line; std::getline(file, line); ++lines) {
        const std::size_t tab = line.find('\t');
        std::istringstream stream(line.substr(tab + 1));
        const std::vector<std::string> expected{
            std::istream_iterator<std::string>(stream), std::istream_iterator<std::string>()};
        EXPECT_EQ(terms_of(line.substr(0, tab)), expected) << line.substr(0, tab);
    }
    EXPECT_GE(lines, 40);
}

}  // namespace
}  // namespace rag::text
