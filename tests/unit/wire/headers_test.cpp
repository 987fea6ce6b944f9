#include "wire/headers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rag::wire {
namespace {

TEST(Accept, TakesTheMostPreciseRange) {
    const std::string json = "application/json";
    for (const char* good :
         {"",
          "*/*",
          "application/*",
          "text/html, application/json;q=0.1",
          "*/*;q=0, application/json",
          "APPLICATION/JSON"}) {
        EXPECT_TRUE(accepts(good, json)) << good;
    }
    for (const char* bad :
         {"text/html",
          "application/json;q=0",
          "*/*;q=0.0",
          "*/*, application/json;q=0.000",
          "application/x-ndjson"}) {
        EXPECT_FALSE(accepts(bad, json)) << bad;
    }
}

TEST(NextPart, TrimsAndLeavesTheRest) {
    std::string_view rest = " a ;\tb; ";

    EXPECT_EQ(next_part(rest, ';'), "a");
    EXPECT_EQ(next_part(rest, ';'), "b");
    EXPECT_EQ(next_part(rest, ';'), "");
    EXPECT_EQ(rest, "");
}

}  // namespace
}  // namespace rag::wire
