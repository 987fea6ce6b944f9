#include "text/normalize.hpp"

#include <gtest/gtest.h>

namespace rag::text {
namespace {

TEST(Utf8, IsValidAsRfc3629HasIt) {
    EXPECT_TRUE(is_valid_utf8(""));
    EXPECT_TRUE(is_valid_utf8("plain text, longer than eight bytes"));
    EXPECT_TRUE(is_valid_utf8("caf\u00E9 \u4E2D \U0001F600 \U0010FFFF"));
    EXPECT_TRUE(is_valid_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, IsNotValidOtherwise) {
    for (const std::string_view text :
         {"\x80",
          "abcdefgh\xFF",
          "\xC3",
          "\xC0\x80",
          "\xE0\x80\xAF",
          "\xED\xA0\x80",
          "\xED\xBF\xBF",
          "\xF4\x90\x80\x80",
          "\xF8\x88\x80\x80\x80",
          "\xE4\xB8",
          "\xE4\xB8 abc"}) {
        EXPECT_FALSE(is_valid_utf8(text));
    }
}

TEST(Nfc, ComposesWhatLooksAlike) {
    EXPECT_EQ(nfc("e\u0301"), "\u00E9");
    EXPECT_EQ(nfc("\u1112\u1161\u11AB"), "\uD55C");
    EXPECT_EQ(nfc("plain"), "plain");
    EXPECT_EQ(nfc("\uFB01"), "\uFB01");
    EXPECT_EQ(nfc(""), "");
}

}  // namespace
}  // namespace rag::text
