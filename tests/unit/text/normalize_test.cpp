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

TEST(Fold, ForgetsCaseAccentsWidthAndRunsOfWhiteSpace) {
    EXPECT_EQ(fold("  Jos\u00e9 \t Garc\u00eda "), "jose garcia");
    EXPECT_EQ(fold("\uff2a\uff2f\uff33\u00c9"), "jose");
    EXPECT_EQ(fold("STRASSE"), fold("Stra\u00dfe"));
    EXPECT_EQ(fold("\u00c5ngstr\u00f6m"), "angstrom");
    EXPECT_EQ(fold("\u0391\u03b8\u03ae\u03bd\u03b1"), fold("\u03b1\u03b8\u03b7\u03bd\u03b1"));
    EXPECT_EQ(fold("\u0424\u0451\u0434\u043e\u0440"), fold("\u0444\u0435\u0434\u043e\u0440"));
    EXPECT_EQ(fold("\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd"), "\u05e9\u05dc\u05d5\u05dd");
    EXPECT_EQ(fold("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f"), "\u0645\u062d\u0645\u062f");
    EXPECT_EQ(fold(" \t\n"), "");
}

TEST(Fold, KeepsMarksThatMakeAnotherLetter) {
    EXPECT_NE(fold("\u0e1b\u0e48\u0e32"), fold("\u0e1b\u0e49\u0e32"));  // Thai tones.
    EXPECT_NE(fold("\u304c"), fold("\u304b"));                          // Japanese voicing.
    EXPECT_NE(fold("\u0926\u0940\u092a"), fold("\u0926\u092a"));        // Devanagari vowels.
    EXPECT_NE(fold("ana"), fold("anna"));
}

}  // namespace
}  // namespace rag::text
