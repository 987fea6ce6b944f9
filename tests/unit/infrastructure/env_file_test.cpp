#include "env_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rag {
namespace {

using testing::HasSubstr;

std::string value_of(std::string_view line) {
    const std::vector<EnvLine> lines = parse_env_file(line);
    if (lines.size() != 1) return "not one line";
    return lines[0].problem.empty() ? lines[0].value : "problem: " + lines[0].problem;
}

TEST(EnvFile, SkipsCommentsAndBlankLinesAndCountsThem) {
    const std::vector<EnvLine> lines = parse_env_file("# a\n\n  # b\nPORT=1\r\nHOST=x");

    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].line, 4u);
    EXPECT_EQ(lines[0].name, "PORT");
    EXPECT_EQ(lines[0].value, "1");
    EXPECT_EQ(lines[1].line, 5u);
}

TEST(EnvFile, EndsABareValueAtACommentOrWhiteSpace) {
    EXPECT_EQ(value_of("A=b c  # d"), "b c");
    EXPECT_EQ(value_of("A=b#c"), "b#c");
    EXPECT_EQ(value_of("A= # nothing"), "");
    EXPECT_EQ(value_of("A=#x"), "#x");
    EXPECT_EQ(value_of("  export\tA = b  "), "b");
    EXPECT_EQ(value_of("A=x=y"), "x=y");
}

TEST(EnvFile, KeepsSingleQuotedTextAndUnescapesDoubleQuotedText) {
    EXPECT_EQ(value_of(R"(A='a\n "b" $C # d')"), R"(a\n "b" $C # d)");
    EXPECT_EQ(value_of(R"(A="a\tb\"c\" \$D \\ \q" # e)"), "a\tb\"c\" $D \\ \\q");
    EXPECT_EQ(value_of("A=''"), "");
}

TEST(EnvFile, NamesWhatItCannotRead) {
    EXPECT_THAT(value_of("A=\"b"), HasSubstr("problem: the quote is not closed"));
    EXPECT_THAT(value_of("A='b' c"), HasSubstr("problem: text after the closing quote"));
    EXPECT_THAT(value_of("just text"), HasSubstr("problem: not a line of the form"));
    EXPECT_THAT(value_of("1A=b"), HasSubstr("problem: not a line of the form"));
    EXPECT_THAT(value_of("=b"), HasSubstr("problem: not a line of the form"));
}

}  // namespace
}  // namespace rag
