#include "cors.hpp"

#include <gmock/gmock.h>

namespace rag::http {
namespace {

using testing::HasSubstr;

TEST(LetRead, NamesTheOriginItselfAndWhatMayBeRead) {
    wire::Response answer;

    let_read(answer, "http://localhost:3000");

    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "http://localhost:3000");
    EXPECT_EQ(answer.header("Vary"), "Origin");
    for (const char* name :
         {"Link",
          "Retry-After",
          "Idempotency-Replayed",
          "Consistency-Token",
          "Mcp-Session-Id",
          "traceparent"}) {
        EXPECT_THAT(std::string(answer.header("Access-Control-Expose-Headers")), HasSubstr(name));
    }
}

TEST(LetRead, SaysNothingToWhoComesFromNoPage) {
    wire::Response answer;

    let_read(answer, "");

    EXPECT_TRUE(answer.headers.empty());
}

TEST(LetRead, SaysOnceThatTheOriginMatters) {
    wire::Response answer;
    answer.headers = {{"Vary", "Origin"}};

    let_read(answer, "https://a.example");

    EXPECT_EQ(answer.headers.size(), 3U);
}

TEST(Preflight, TellsMethodsAndHeaders) {
    wire::Request asked;

    const wire::Response answer = preflight_answer(asked, "GET, HEAD");

    EXPECT_EQ(answer.status, 204);
    EXPECT_EQ(answer.header("Access-Control-Allow-Methods"), "GET, HEAD");
    EXPECT_EQ(answer.header("Access-Control-Max-Age"), "7200");
    EXPECT_EQ(answer.header("Access-Control-Allow-Private-Network"), "");
    for (const char* name :
         {"Content-Type",
          "Accept",
          "Authorization",
          "Idempotency-Key",
          "Mcp-Session-Id",
          "Mcp-Protocol-Version",
          "Last-Event-ID",
          "traceparent",
          "Consistency-Token"}) {
        EXPECT_THAT(std::string(answer.header("Access-Control-Allow-Headers")), HasSubstr(name));
    }
}

TEST(Preflight, LetsAPageOfTheInternetComeWhereItAsksTo) {
    wire::Request asked;
    asked.headers = {{"Access-Control-Request-Private-Network", "true"}};

    const wire::Response answer = preflight_answer(asked, "POST");

    EXPECT_EQ(answer.header("Access-Control-Allow-Private-Network"), "true");
}

}  // namespace
}  // namespace rag::http
