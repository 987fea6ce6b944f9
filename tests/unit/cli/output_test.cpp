#include <gtest/gtest.h>

#include <sstream>

#include "progress.hpp"
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
