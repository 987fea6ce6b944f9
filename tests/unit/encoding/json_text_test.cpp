#include "encoding/json_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace rag::encoding {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

std::string number(double value) {
    std::string out;
    append_json_number(out, value);
    return out;
}

TEST(JsonText, EscapesWhatWouldEndALineOrAString) {
    EXPECT_EQ(quoted("a\"b\\c\nd\te\r"), R"("a\"b\\c\nd\te\r")");
    EXPECT_EQ(quoted(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonText, KeepsUnicodeAndReplacesWhatIsNone) {
    EXPECT_EQ(quoted("ä€😀"), "\"ä€😀\"");
    EXPECT_EQ(quoted("a\xffz"), "\"a\xEF\xBF\xBDz\"");
    EXPECT_EQ(quoted("\xc3"), "\"\xEF\xBF\xBD\"");
    // Overlong, surrogate, beyond U+10FFFF: every byte is replaced.
    EXPECT_EQ(quoted("\xc0\xaf"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(quoted("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    EXPECT_EQ(quoted("\xf4\x90\x80\x80").size(), 2u + 4u * 3u);
}

TEST(JsonText, WritesNumbersShortest) {
    EXPECT_EQ(number(0.83), "0.83");
    EXPECT_EQ(number(1234), "1234");
    EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
}

}  // namespace
}  // namespace rag::encoding
