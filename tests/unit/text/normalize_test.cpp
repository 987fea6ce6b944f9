#include "text/normalize.hpp"

#include <gtest/gtest.h>

namespace rag::text {
namespace {

TEST(Nfc, ComposesWhatLooksAlike) {
    EXPECT_EQ(nfc("e\u0301"), "\u00E9");
    EXPECT_EQ(nfc("\u1112\u1161\u11AB"), "\uD55C");
    EXPECT_EQ(nfc("plain"), "plain");
    EXPECT_EQ(nfc("\uFB01"), "\uFB01");
    EXPECT_EQ(nfc(""), "");
}

}  // namespace
}  // namespace rag::text
