#include "encoding/hmac.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "encoding/hex.hpp"

namespace rag::encoding {
namespace {

// RFC 4231, test case 1: a shorter key is one with zeros behind it.
TEST(HmacSha256, IsThatOfTheStandard) {
    Digest key{};
    std::fill_n(key.begin(), 20, std::uint8_t{0x0b});

    EXPECT_EQ(
        to_hex(hmac_sha256(key, "Hi There")),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
}

TEST(HmacSha256, KnowsItsOwnDigitsAndNoOthers) {
    const Digest digest = sha256("abc");
    std::string text = to_hex(digest);

    EXPECT_TRUE(is_hex_of(text, digest));
    EXPECT_FALSE(is_hex_of(text + "0", digest));
    EXPECT_FALSE(is_hex_of("", digest));
    text.back() = text.back() == '0' ? '1' : '0';
    EXPECT_FALSE(is_hex_of(text, digest));
}

}  // namespace
}  // namespace rag::encoding
