#include "text/segmenter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rag::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// The text with its breaks marked: "/" word, "|" sentence, "#" paragraph; graphemes are not shown.
std::string marked(std::string_view text) {
    std::string shown;
    std::size_t begin = 0;
    for (const Break& place : make_segmenter()->breaks(text)) {
        if (place.kind == BreakKind::character) continue;
        shown += text.substr(begin, place.offset - begin);
        shown += place.kind == BreakKind::word       ? "/"
                 : place.kind == BreakKind::sentence ? "|"
                                                     : "#";
        begin = place.offset;
    }
    return shown + std::string(text.substr(begin));
}

std::vector<std::size_t> offsets(std::string_view text) {
    std::vector<std::size_t> found;
    for (const Break& place : make_segmenter()->breaks(text)) found.push_back(place.offset);
    return found;
}

TEST(Segmenter, FindsWordsSentencesLinesAndParagraphs) {
    EXPECT_EQ(
        marked("One two. Three (four!) five?\nSix  seven\n\nEight \n \n nine"),
        "One /two. |Three /(four!) |five?\n|Six  /seven\n\n#Eight \n \n #nine"
    );
}

TEST(Segmenter, CutsBesideOtherCharactersAsInPlainText) {
    EXPECT_EQ(
        marked("One tw\u00F6. Three (four!) Five?\nSix  seven\n\nEight \n \n nine"),
        "One /tw\u00F6. |Three /(four!) |Five?\n|Six  /seven\n\n#Eight \n \n #nine"
    );
}

TEST(Segmenter, FindsWordsWhereThereAreNoSpaces) {
    EXPECT_EQ(marked("我去。你来"), "我/去。|你/来");
    EXPECT_EQ(marked("ภาษาไทย"), "ภาษา/ไทย");
}

TEST(Segmenter, KeepsGraphemesWhole) {
    EXPECT_THAT(offsets("ab\r\nc"), ElementsAre(1, 2, 4));
    EXPECT_THAT(offsets("e\u0301a"), ElementsAre(3));
    EXPECT_THAT(offsets("\U0001F468\u200D\U0001F469\u200D\U0001F467x"), ElementsAre(18));
    EXPECT_THAT(offsets("\u1112\u1161\u11ABx"), ElementsAre(9));
}

TEST(Segmenter, GivesNeitherBeginNorEnd) {
    EXPECT_THAT(offsets(""), IsEmpty());
    EXPECT_THAT(offsets("a"), IsEmpty());
    EXPECT_THAT(offsets("\u00E9"), IsEmpty());
    EXPECT_THAT(offsets("a "), ElementsAre(1));
}

}  // namespace
}  // namespace rag::text
