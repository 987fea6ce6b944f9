#include <gtest/gtest.h>

#include <sstream>

#include "progress.hpp"
#include "screen.hpp"
#include "table.hpp"

namespace rag::cli {
namespace {

TEST(Output, OneLineHoldsNoControlCharacterAndEndsInTime) {
    EXPECT_EQ(one_line("a\nb\x1b[2J\xc2\x9b!", 100), "a b [2J !");
    EXPECT_EQ(one_line("äöü", 3), "äöü");
    EXPECT_EQ(one_line("äöü", 2), "äö…");
    EXPECT_EQ(one_line("", 2), "");
}

TEST(Output, ColumnsAreAsWideAsTheirWidestCharacters) {
    std::ostringstream out;
    Table table({"A", "B"});
    table.add({"äöü", "x"});

    table.print(out);

    EXPECT_EQ(out.str(), "A    B\näöü  x\n");
}

TEST(Output, LinesBreakBetweenWords) {
    EXPECT_EQ(wrapped("one two three", 9, 2, 2), "one two\n  three");
    EXPECT_EQ(wrapped("one two three", 0, 2, 2), "one two three");
    EXPECT_EQ(
        wrapped("see https://example.org/x now", 8, 1, 1), "see\n https://example.org/x\n now"
    );
    EXPECT_EQ(wrapped("窑炉很热", 5, 1, 1), "窑炉\n 很热");
    EXPECT_EQ(wrapped("\xff\xfe", 1, 0, 0), "\xff\xfe");
}

TEST(Output, WhatIsShortenedEndsAfterAWord) {
    EXPECT_EQ(shortened("one two three", 13), "one two three");
    EXPECT_EQ(shortened("one two three", 12), "one two…");
    EXPECT_EQ(shortened("unbreakable", 5), "unbr…");
    EXPECT_EQ(shortened("窑炉很热", 6), "窑炉…");
}

TEST(Output, ATableFitsTheScreen) {
    std::ostringstream out;
    Table table({"ID", "TITLE"});
    table.add({"1", "a title that is rather long"});

    table.print(out, 16);

    EXPECT_EQ(out.str(), "ID  TITLE\n1   a title…\n");
}

TEST(Output, ProgressTellsShareRateAndTimeLeft) {
    EXPECT_EQ(
        progress_line(50, 100, 1'200, "messages", 8),
        "[###############---------------] 50 %  1,200 messages  150 messages/s  8 s left"
    );
    EXPECT_EQ(
        progress_line(0, 100, 0, "messages", 8), "[------------------------------] 0 %  0 messages"
    );
    EXPECT_EQ(
        progress_line(100, 100, 3, "questions", 1),
        "[##############################] 100 %  3 questions  3 questions/s"
    );
}

TEST(Output, ProgressIsSilentWhereStderrIsNoTerminal) {
    std::ostringstream err;
    {
        Progress progress(err, false, "messages", 10);
        progress.update(5, 5);
    }
    EXPECT_EQ(err.str(), "");
}

}  // namespace
}  // namespace rag::cli
