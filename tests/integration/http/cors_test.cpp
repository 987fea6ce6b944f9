#include <gmock/gmock.h>

#include "served_world.hpp"

/// What a browser needs where the framing gate or the connection itself refuses; the rest is in
/// tests/golden/http/transcripts/browsers.txt.
namespace rag::test {
namespace {

const std::string kOrigin = "http://app.example:5173";

http::ApplicationConfig with_origin() {
    http::ApplicationConfig config = ServedWorld::default_config();
    config.allowed_origins = {kOrigin};
    config.body_bytes_max = 100;
    return config;
}

std::string reader_of(const std::string& answer) {
    return header_of(answer, "Access-Control-Allow-Origin");
}

std::string from(const std::string& origin) {
    return "Host: localhost\r\nOrigin: " + origin + "\r\n";
}

TEST(Cors, CoversWhatTheFramingGateRefuses) {
    ServedWorld served({}, with_origin());
    const std::string json = "Content-Type: application/json\r\n";
    const std::vector<std::pair<std::string, int>> refused{
        {"GET /search?q=" + std::string(9'000, 'a') + " HTTP/1.1\r\n" + from(kOrigin) + "\r\n",
         414},
        {"GET /search?q=a HTTP/2.0\r\n" + from(kOrigin) + "\r\n", 505},
        {"POST /ingest HTTP/1.1\r\n" + from(kOrigin) + json + "Content-Length: x\r\n\r\n", 400},
        {"POST /ingest HTTP/1.1\r\n" + from(kOrigin) + json + "Content-Length: 101\r\n\r\n", 413},
        {"POST /ingest HTTP/1.1\r\n" + from(kOrigin) + json +
             "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
         400},
    };

    for (const auto& [request, status] : refused) {
        const std::string answer = served.exchange(request);
        EXPECT_EQ(status_of(answer), status) << answer;
        EXPECT_EQ(reader_of(answer), kOrigin) << answer;
        EXPECT_EQ(header_of(answer, "Vary"), "Origin") << answer;
    }
}

TEST(Cors, CoversWhatCannotBeFinished) {
    http::ServerLimits limits;
    limits.header_timeout = std::chrono::milliseconds(50);
    ServedWorld served(limits, with_origin());

    const std::string answer = served.exchange("GET /conversations HTTP/1.1\r\n" + from(kOrigin));

    EXPECT_EQ(status_of(answer), 408);
    EXPECT_EQ(reader_of(answer), kOrigin);
}

TEST(Cors, ConcedesNothingToAForeignOriginThatIsMalformed) {
    ServedWorld served({}, with_origin());

    for (const std::string& origin :
         {std::string("http://evil.example"), kOrigin + "\r\nOrigin: " + kOrigin}) {
        const std::string answer =
            served.exchange("GET /conversations HTTP/1.1\r\n" + from(origin) + "bad line\r\n\r\n");
        EXPECT_EQ(status_of(answer), 400);
        EXPECT_EQ(reader_of(answer), "") << answer;
    }
}

TEST(Http10, NeedsNoHostOnProbesAlone) {
    ServedWorld served;

    for (const char* path : {"/livez", "/readyz", "/startupz", "/health", "/metrics", "/livez/"}) {
        RawClient client = served.connect();
        client.send("GET " + std::string(path) + " HTTP/1.0\r\n\r\n");
        const std::string answer = client.read_to_end();
        EXPECT_EQ(status_of(answer), 200) << path;
        EXPECT_EQ(header_of(answer, "Connection"), "close") << path;
    }
    // As HAProxy asks by default.
    EXPECT_EQ(status_of(served.exchange("OPTIONS /livez HTTP/1.0\r\n\r\n")), 204);
    for (const char* path : {"/conversations", "/docs", "/mcp", "/nowhere", "/"}) {
        RawClient client = served.connect();
        client.send("GET " + std::string(path) + " HTTP/1.0\r\n\r\n");
        const std::string answer = client.read_to_end();
        EXPECT_EQ(status_of(answer), 400) << path;
        EXPECT_THAT(answer, testing::HasSubstr("exactly one Host")) << path;
    }
}

}  // namespace
}  // namespace rag::test
