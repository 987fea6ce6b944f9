#include "framing_gate.hpp"

#include <gmock/gmock.h>

namespace rag::http {
namespace {

constexpr HeadLimits kLimits{.header_bytes_max = 1'000, .target_bytes_max = 200};

/// What is malformed in whole requests is in tests/integration/http/hostile_requests.cpp.
TEST(HeadScanner, FindsTheEndHoweverTheBytesCome) {
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next";
    const std::size_t end = request.find("GET /next");

    for (std::size_t step = 1; step <= request.size(); ++step) {
        HeadScanner scanner(kLimits);
        std::optional<std::size_t> found;
        for (std::size_t size = step; !found; size = std::min(size + step, request.size())) {
            const auto scanned = scanner.scan(std::string_view(request).substr(0, size));
            ASSERT_TRUE(scanned) << scanned.error().detail;
            found = *scanned;
        }
        EXPECT_EQ(found, end) << "in steps of " << step;
    }
}

TEST(HeadScanner, RefusesAsSoonAsItShows) {
    EXPECT_FALSE(HeadScanner(kLimits).scan("GET / HTTP/1.1\n"));
    EXPECT_FALSE(HeadScanner(kLimits).scan("GET\x01"));
    EXPECT_FALSE(HeadScanner(kLimits).scan("\x16\x03\x01"));
    EXPECT_FALSE(HeadScanner(kLimits).scan("GET / HTTP/1.1\r\nA: b\rC"));
}

TEST(HeadScanner, TellsALongTargetFromALongHeader) {
    const auto target = HeadScanner(kLimits).scan("GET /" + std::string(300, 'a'));
    const auto header =
        HeadScanner(kLimits).scan("GET / HTTP/1.1\r\nA: " + std::string(1'000, 'a'));

    ASSERT_FALSE(target);
    EXPECT_EQ(target.error().status, 414);
    EXPECT_EQ(target.error().detail.find("POST /search"), std::string::npos);
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error().status, 431);
}

TEST(ParseHead, ReadsMethodTargetAndHeaders) {
    const Framed<Head> head = parse_head(
        "POST http://a.example:80?x=1 HTTP/1.1\r\nhOST: a.example:80\r\nX-A:  b c\t\r\n"
        "Content-Length: 12\r\nExpect: 100-Continue\r\nConnection: keep-alive, Close\r\n\r\n"
    );

    ASSERT_TRUE(head) << head.error().detail;
    EXPECT_EQ(head->method, "POST");
    EXPECT_EQ(head->target, "/?x=1");
    EXPECT_EQ(head->header("x-a"), "b c");
    EXPECT_EQ(head->body, Head::Body::length);
    EXPECT_EQ(head->length, 12U);
    EXPECT_TRUE(head->expects_continue);
    EXPECT_FALSE(head->keep_alive);
}

TEST(ParseHead, TakesRawUtf8InAQueryAndNowhereElse) {
    const auto target_of = [](const std::string& target) {
        const Framed<Head> head = parse_head("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return head ? head->target : head.error().detail;
    };

    EXPECT_EQ(
        target_of("/search?q=\xC3\xBC+\xE6\x98\xA8&x=%C3"), "/search?q=%C3%BC+%E6%98%A8&x=%C3"
    );
    EXPECT_EQ(target_of("http://a?q=\xF0\x9F\x90\x99"), "/?q=%F0%9F%90%99");
    EXPECT_THAT(target_of("/search?q=a\xFC"), testing::HasSubstr("not UTF-8 at byte 11"));
    EXPECT_THAT(target_of("/search?q=\xED\xA0\x80"), testing::HasSubstr("at byte 10"));
    EXPECT_THAT(target_of("/caf\xC3\xA9"), testing::HasSubstr("not a valid path"));
}

TEST(ParseHead, LetsOnlyHttp10GoWithoutHost) {
    EXPECT_TRUE(parse_head("GET /livez HTTP/1.0\r\n\r\n"));
    EXPECT_FALSE(parse_head("GET /livez HTTP/1.1\r\n\r\n"));
    EXPECT_FALSE(parse_head("GET /livez HTTP/1.0\r\nHost:\r\n\r\n"));
    EXPECT_FALSE(parse_head("GET /livez HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"));
}

TEST(SenderOf, IsReadAsFarAsTheHeaderCame) {
    const Sender whole = sender_of(
        "GET / HTTP/1.1\r\nHost: a:1\r\nbroken line\r\nOrigin:  http://b \r\n\r\nOrigin: "
        "http://c\r\n"
    );
    EXPECT_EQ(whole.host, "a:1");
    EXPECT_EQ(whole.origin, "http://b");

    EXPECT_EQ(sender_of("GET / HTTP/1.1\r\nOrigin: http://b").origin, "");
    EXPECT_EQ(sender_of("Origin: http://b\r\n\r\n").origin, "");
    // Two are as good as none: no list holds them.
    EXPECT_EQ(
        sender_of("GET / HTTP/1.1\r\nOrigin: http://b\r\nOrigin: http://c\r\n\r\n").origin,
        "http://b, http://c"
    );
}

TEST(ParseHead, KnowsWhatHttp10CannotDo) {
    const Framed<Head> head =
        parse_head("GET / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");

    ASSERT_TRUE(head);
    EXPECT_FALSE(head->keep_alive);
    EXPECT_FALSE(head->expects_continue);
}

TEST(ValidHost, IsANameOrAnAddressWithAPortOrNone) {
    for (const char* good : {"a", "a.b-c", "127.0.0.1:8000", "[::1]", "[fe80::1]:80", "a:"}) {
        EXPECT_TRUE(is_valid_host(good)) << good;
    }
    for (const char* bad :
         {"",
          ":80",
          "a b",
          "a,b",
          "a/b",
          "a@b",
          "a:b",
          "a:123456",
          "[]",
          "[::1",
          "[::1]80",
          "[x]",
          "a\\b",
          "a?b",
          "a#b"}) {
        EXPECT_FALSE(is_valid_host(bad)) << bad;
    }
}

}  // namespace
}  // namespace rag::http
