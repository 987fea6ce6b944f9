#include "encoding/utf8.hpp"

#include <gtest/gtest.h>

namespace rag::encoding {
namespace {

TEST(Utf8, IsValidAsRfc3629HasIt) {
    for (const char* text :
         {"",
          "a",
          "plain text, longer than eight bytes",
          "\xC3\xA4",
          "\xE2\x82\xAC",
          "\xEF\xBF\xBF",
          "\xF0\x9F\x98\x80",
          "caf\u00E9 \u4E2D \U0001F600 \U0010FFFF"}) {
        EXPECT_TRUE(is_valid_utf8(text)) << text;
    }
    EXPECT_TRUE(is_valid_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, IsNotValidOtherwise) {
    for (const char* text :
         {"\x80",
          "abcdefgh\xFF",
          "\xC3",
          "\xC0\x80",
          "\xC0\xAF",
          "\xE0\x80\xAF",
          "\xED\xA0\x80",
          "\xED\xBF\xBF",
          "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80",
          "\xF8\x88\x80\x80\x80",
          "\xFF",
          "a\xE2\x82",
          "\xE4\xB8",
          "\xE4\xB8 abc"}) {
        EXPECT_FALSE(is_valid_utf8(text)) << text;
    }
}

TEST(Utf8, SequencesHaveALength) {
    EXPECT_EQ(utf8_sequence(""), 0u);
    EXPECT_EQ(utf8_sequence("ab"), 1u);
    EXPECT_EQ(utf8_sequence("\u00E9a"), 2u);
    EXPECT_EQ(utf8_sequence("\u4E2Da"), 3u);
    EXPECT_EQ(utf8_sequence("\U0001F600a"), 4u);
    EXPECT_EQ(utf8_sequence("\xA9"), 0u);
}

}  // namespace
}  // namespace rag::encoding
