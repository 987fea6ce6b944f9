#include "negotiation.hpp"

#include <gmock/gmock.h>

#include "response_head.hpp"

namespace rag::http {
namespace {

const std::vector<std::string> kHosts{"localhost", "127.0.0.1", "[::1]"};

TEST(AllowedHost, IsComparedWithoutPortAndCase) {
    for (const char* good : {"localhost", "LocalHost:8000", "127.0.0.1:1", "[::1]", "[::1]:8000"}) {
        EXPECT_TRUE(is_allowed_host(good, kHosts)) << good;
    }
    for (const char* bad : {"evil", "localhost.evil", "127.0.0.11", "[::11]:80"}) {
        EXPECT_FALSE(is_allowed_host(bad, kHosts)) << bad;
    }
    const std::vector<std::string> any{"*"};
    EXPECT_TRUE(is_allowed_host("evil", any));
}

TEST(AllowedHost, MayBeNamedWithAnyPortOrWithOne) {
    const std::vector<std::string> hosts{"box.lan:*", "[fe80::1]:*", "other.lan:81"};
    for (const char* good : {"box.lan", "BOX.lan:8999", "[fe80::1]:80", "other.lan:81"}) {
        EXPECT_TRUE(is_allowed_host(good, hosts)) << good;
    }
    for (const char* bad : {"box.lan.evil:8999", "xbox.lan:1", "other.lan:82", "other.lan", "*"}) {
        EXPECT_FALSE(is_allowed_host(bad, hosts)) << bad;
    }
    EXPECT_TRUE(is_allowed_origin("http://box.lan:3000", "", {}, hosts));
    EXPECT_FALSE(is_allowed_origin("http://box.lan.evil:3000", "", {}, hosts));
}

TEST(AllowedOrigin, MayBeNamedWithAnyPort) {
    const std::vector<std::string> origins{"http://dev.lan:*"};
    EXPECT_TRUE(is_allowed_origin("http://dev.lan:5173", "", origins, {}));
    EXPECT_TRUE(is_allowed_origin("http://dev.lan", "", origins, {}));
    EXPECT_FALSE(is_allowed_origin("https://dev.lan:5173", "", origins, {}));
    EXPECT_FALSE(is_allowed_origin("http://dev.lan.evil:5173", "", origins, {}));
}

TEST(AllowedOrigin, IsListedOrOneOfOurs) {
    const std::vector<std::string> origins{"https://chat.example.com"};
    const auto allowed = [&origins](std::string_view origin) {
        return is_allowed_origin(origin, "mine:8000", origins, kHosts);
    };

    EXPECT_TRUE(allowed(""));
    EXPECT_TRUE(allowed("https://chat.example.com"));
    EXPECT_TRUE(allowed("http://localhost:3000"));
    EXPECT_TRUE(allowed("http://[::1]:3000"));
    EXPECT_TRUE(allowed("http://mine:8000"));
    EXPECT_FALSE(allowed("http://chat.example.com"));
    EXPECT_FALSE(allowed("http://mine:9000"));
    EXPECT_FALSE(allowed("http://localhost.evil"));
    EXPECT_FALSE(allowed("null"));
    EXPECT_FALSE(allowed("file://localhost"));
}

TEST(ContentType, IgnoresParametersButTheCharset) {
    EXPECT_TRUE(has_content_type("application/json", "application/json"));
    EXPECT_TRUE(has_content_type("Application/JSON; charset=UTF-8; x=y", "application/json"));
    EXPECT_TRUE(has_content_type("application/json;charset=\"utf-8\"", "application/json"));
    EXPECT_FALSE(has_content_type("", "application/json"));
    EXPECT_FALSE(has_content_type("application/jsonp", "application/json"));
    EXPECT_FALSE(has_content_type("application/json; charset=utf-16", "application/json"));
}

TEST(ResponseHead, LetsNoHeaderBreakOut) {
    wire::Response response;
    response.headers.push_back({"Link", "a\r\nSet-Cookie: b"});

    const std::string head = response_head(response, ResponseFraming{});

    EXPECT_THAT(head, ::testing::HasSubstr("\r\nLink: aSet-Cookie: b\r\n"));
    EXPECT_THAT(
        head,
        ::testing::MatchesRegex(
            "HTTP/1.1 200 OK\r\nDate: [A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] "
            "[0-9][0-9][0-9][0-9] [0-9:]* GMT\r\n(.|\r|\n)*\r\n\r\n"
        )
    );
}

}  // namespace
}  // namespace rag::http
