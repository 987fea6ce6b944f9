#include <gmock/gmock.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iostream>

#include "hostile_requests.hpp"
#include "served_world.hpp"

namespace rag::test {
namespace {

/// Whether Beast's own parser takes the first request of these bytes: what the gate adds to it.
bool beast_takes(std::string_view bytes) {
    namespace beast = boost::beast;
    beast::http::request_parser<beast::http::string_body> parser;
    parser.eager(true);
    beast::error_code error;
    while (!parser.is_done() && !bytes.empty() && !error) {
        const std::size_t used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
        if (used == 0) break;
        bytes.remove_prefix(used);
    }
    return parser.is_done() && !error;
}

/// With one good request behind each that leaves the connection open, so that an answer to smuggled
/// bytes would show.
std::string answers_to(const ServedWorld& served, const HostileRequest& hostile) {
    RawClient client = served.connect();
    client.send(hostile.bytes);
    if (hostile.half_closed) client.end_sending();
    return hostile.closes ? client.read_to_end() : client.read_answer();
}

TEST(HostileRequests, AreEachRefusedAndStoreNothing) {
    ServedWorld served;
    int beast_would = 0;
    int framing = 0;

    for (const HostileRequest& hostile : hostile_requests()) {
        SCOPED_TRACE(hostile.name);
        const std::string answer = answers_to(served, hostile);

        EXPECT_EQ(status_of(answer), hostile.status) << answer;
        EXPECT_EQ(header_of(answer, "Content-Type"), "application/problem+json");
        if (hostile.closes) {
            EXPECT_EQ(header_of(answer, "Connection"), "close");
            EXPECT_EQ(answer.find("HTTP/1.1 2"), std::string::npos) << "a second answer";
            ++framing;
            if (beast_takes(hostile.bytes)) ++beast_would;
        }
    }

    EXPECT_GE(framing, 60);
    std::cout << "Beast's parser alone would take " << beast_would << " of " << framing << "\n";
}

TEST(HostileRequests, StoreNothingWhateverTheirAnswer) {
    ServedWorld served;

    for (const HostileRequest& hostile : hostile_requests()) {
        if (hostile.closes) answers_to(served, hostile);
    }

    EXPECT_EQ(served.stored_conversations(), 0);
}

TEST(HostileRequests, AreCountedUnderClosedNames) {
    ServedWorld served;

    served.exchange("BREW /teapot HTTP/1.1\r\nHost: localhost\r\n\r\n");
    served.exchange("GET /a/random/path HTTP/1.1\r\nHost: localhost\r\n\r\n");
    served.exchange("DELETE /search HTTP/1.1\r\nHost: localhost\r\n\r\n");
    served.exchange("GET /x\r\n\r\n");

    EXPECT_EQ(served.world.telemetry.count("http_requests_total OTHER {unknown} 501"), 1);
    EXPECT_EQ(served.world.telemetry.count("http_requests_total GET {unknown} 404"), 1);
    EXPECT_EQ(served.world.telemetry.count("http_requests_total OTHER /search 405"), 1);
    EXPECT_EQ(served.world.telemetry.count("http_requests_total OTHER {unknown} 400"), 1);
    for (const char* labels : {"OTHER {unknown}", "GET {unknown}", "OTHER /search"}) {
        const std::string histogram = "http_request_duration_seconds " + std::string(labels);
        EXPECT_EQ(served.world.telemetry.count(histogram), 0) << "no time is kept of it";
    }
}

TEST(Requests, ThatLookOddButAreGoodAreTaken) {
    ServedWorld served;
    const std::vector<std::string> good{
        "GET http://localhost/livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET HTTP://LOCALHOST:80/livez HTTP/1.1\r\nHost: localhost:80\r\n\r\n",
        "\r\nGET /livez HTTP/1.1\r\nhOsT:localhost\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: [::1]:8000\r\nX-A:\r\nX-B: \t b \t\r\nX-C: \xC3\xA4\r\n\r\n",
        "GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: evil.example.com\r\nOrigin: http://evil\r\n\r\n",
        "GET /search?q=a+b%20c[]|{}^` HTTP/1.1\r\nHost: localhost\r\nOrigin: "
        "http://localhost:3000\r\n\r\n",
        "POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
        "Application/JSON;charset=\"UTF-8\"\r\n"
        "Transfer-Encoding: Chunked\r\n\r\n00d;a=b;c\r\n{\"query\":\"abc\r\n2 ;x\r\n\"}\r\n0\r\nA: "
        "b\r\n\r\n",
    };

    for (const std::string& request : good) {
        EXPECT_EQ(status_of(served.exchange(request)), 200) << request;
    }
}

}  // namespace
}  // namespace rag::test
