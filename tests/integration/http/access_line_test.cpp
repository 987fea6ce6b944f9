#include <gmock/gmock.h>

#include "served_world.hpp"

namespace rag::test {
namespace {

using testing::HasSubstr;

std::vector<LogLine> access_lines(const ServedWorld& served) {
    std::vector<LogLine> found;
    for (const LogLine& line : served.world.telemetry.lines()) {
        if (line.logger == "app.http.access") found.push_back(line);
    }
    return found;
}

/// The line of the one request that has been made.
LogLine only_line(const ServedWorld& served) {
    const std::vector<LogLine> lines = access_lines(served);
    EXPECT_EQ(lines.size(), 1U);
    return lines.empty() ? LogLine{} : lines.back();
}

std::string get(const std::string& target, const std::string& headers = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

TEST(AccessLine, TellsOfARequestAllButWhatWasAsked) {
    ServedWorld served;
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const std::string parent = "traceparent: 00-" + trace + "-b7ad6b7169203331-01\r\n";

    const std::string answer = served.exchange(get("/search/?q=secret", parent));

    const LogLine line = only_line(served);
    EXPECT_EQ(line.level, LogLevel::info);
    EXPECT_EQ(line.message, "Request completed");
    EXPECT_EQ(line.trace_id, trace);
    EXPECT_EQ(line.fields.at("method"), "\"GET\"");
    EXPECT_EQ(line.fields.at("route"), "\"/search\"");
    EXPECT_EQ(line.fields.at("status"), "200");
    EXPECT_EQ(line.fields.at("bytes_in"), "0");
    EXPECT_EQ(line.fields.at("bytes_out"), std::to_string(body_of(answer).size()));
    EXPECT_GT(std::stod(line.fields.at("duration_ms")), 0);
    EXPECT_EQ(line.fields.size(), 6U);
    for (const auto& [name, value] : line.fields) EXPECT_THAT(value, Not(HasSubstr("secret")));
}

TEST(AccessLine, IsLeftOnceByARequestThatTheEndOfTheServerCutsOff) {
    ServedWorld served;
    served.on_io([&] { served.world.embeddings.hold(); });
    RawClient client = served.connect();
    client.send(ingest_request(R"({"messages":[{"content":"held back"}]})"));
    served.await_held();

    served.start_drain({.delay = std::chrono::seconds(0), .limit = std::chrono::milliseconds(50)});
    const std::string answer = client.read_to_end();
    served.drained.get_future().wait();
    // It goes on, unheard, and comes to an end of its own.
    served.on_io([&] { served.world.embeddings.release(); });
    while (served.on_io([&] { return served.server.connections(); }) > 0) continue;

    const LogLine line = only_line(served);
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_EQ(line.fields.at("status"), "503");
    EXPECT_EQ(line.fields.at("route"), "\"/ingest\"");
    EXPECT_THAT(answer, HasSubstr("\"trace_id\":\"" + line.trace_id + "\""));
    EXPECT_EQ(served.world.telemetry.count("http_requests_total POST /ingest 503"), 1);
    EXPECT_EQ(served.world.telemetry.count("http_requests_total POST /ingest 201"), 0);
}

/// "00-TRACE-SPAN-00", or "" where the answer has none.
std::string trace_of(const std::string& answer) {
    const std::string header = header_of(answer, "traceparent");
    const bool shaped = header.size() == 55 && header.starts_with("00-") && header.ends_with("-00");
    EXPECT_TRUE(shaped || header.empty()) << header;
    EXPECT_NE(header.substr(std::min<std::size_t>(header.size(), 35)), "-0000000000000000-00");
    return shaped ? header.substr(3, 32) : header;
}

TEST(Traceparent, OfAnAnswerNamesTheTraceOfTheLog) {
    ServedWorld served;
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const std::string span = "b7ad6b7169203331";
    const std::string sent = "traceparent: 00-" + trace + "-" + span + "-01\r\n";
    const std::string batch =
        "POST /ingest/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n";

    const std::string kept = served.exchange(get("/search?q=x", sent));
    const std::string made = served.exchange(get("/search?q=x"));
    const std::string refused = served.exchange(get("/no/such/route"));
    const std::string wrong = served.exchange(get("/search"));
    const std::string malformed = served.exchange("GET / HTTP/1.1\r\n\r\n");
    RawClient client = served.connect();
    client.send(batch);
    const std::string streamed = client.read_to_end();

    EXPECT_EQ(trace_of(kept), trace);
    EXPECT_THAT(header_of(kept, "traceparent"), Not(HasSubstr(span)));  // A span of its own.
    const std::vector<LogLine> lines = access_lines(served);
    ASSERT_EQ(lines.size(), 6U);
    EXPECT_EQ(trace_of(made), lines[1].trace_id);
    EXPECT_EQ(trace_of(refused), lines[2].trace_id);
    EXPECT_EQ(trace_of(wrong), lines[3].trace_id);
    EXPECT_THAT(wrong, HasSubstr("\"trace_id\":\"" + trace_of(wrong) + "\""));
    EXPECT_EQ(trace_of(malformed), lines[4].trace_id);
    EXPECT_EQ(trace_of(streamed), lines[5].trace_id);
    EXPECT_EQ(served.exchange(get("/livez")).find("traceparent"), std::string::npos);
}

TEST(AccessLine, CountsTheBytesOfWholeBodiesAndOfStreams) {
    ServedWorld served;
    const std::string body = R"({"messages":[{"content":"the boat is green"}]})";
    const std::string batch =
        "POST /ingest/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;

    served.exchange(ingest_request(body));
    RawClient client = served.connect();
    client.send(batch);
    client.read_to_end();

    const std::vector<LogLine> lines = access_lines(served);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].fields.at("bytes_in"), std::to_string(body.size()));
    EXPECT_EQ(lines[0].fields.at("status"), "201");
    EXPECT_EQ(lines[1].fields.at("route"), "\"/ingest/batch\"");
    EXPECT_EQ(lines[1].fields.at("bytes_in"), std::to_string(body.size()));
    EXPECT_GT(std::stoi(lines[1].fields.at("bytes_out")), 10);
}

TEST(AccessLine, StandsForWhatIsRefusedToo) {
    struct Refused {
        std::string request;
        std::string method;
        std::string route;
        std::string status;
    };
    http::ApplicationConfig config = ServedWorld::default_config();
    config.body_bytes_max = 20;
    const std::vector<Refused> all{
        {get("/conversations", "Origin: http://evil.example\r\n"), "GET", "/conversations", "403"},
        {get("/my-secret"), "GET", "{unknown}", "404"},
        {get("/conversations/77"), "GET", "/conversations/{id}", "404"},
        {ingest_request(std::string(50, ' ')), "POST", "/ingest", "413"},
        {ingest_request("{"), "POST", "/ingest", "400"},
        {"PUT /search HTTP/1.1\r\nHost: localhost\r\n\r\n", "PUT", "/search", "405"},
        {"SECRET /search HTTP/1.1\r\nHost: localhost\r\n\r\n", "OTHER", "{unknown}", "501"},
        {"GET /search?q=secret HTTP/1.1\r\n\r\n", "OTHER", "{unknown}", "400"},
        {"OPTIONS /search HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS", "/search", "204"},
    };

    for (const Refused& each : all) {
        ServedWorld served({}, config);
        const std::string answer = served.exchange(each.request);
        SCOPED_TRACE(each.request);
        const LogLine line = only_line(served);
        EXPECT_EQ(line.fields.at("method"), '"' + each.method + '"');
        EXPECT_EQ(line.fields.at("route"), '"' + each.route + '"');
        EXPECT_EQ(line.fields.at("status"), each.status);
        if (each.status != "204") {
            EXPECT_THAT(answer, HasSubstr(line.trace_id));
        }
    }
}

TEST(AccessLine, IsNotWrittenForProbesAndScrapes) {
    ServedWorld served;

    for (const char* path : {"/livez", "/readyz", "/startupz", "/health", "/metrics"}) {
        served.exchange(get(path));
    }

    EXPECT_TRUE(access_lines(served).empty());
}

TEST(AccessLine, IsWrittenForOtherProcessesAndNotForCallsWithinThisOne) {
    ServedWorld served;
    RawClient owner = served.connect_as_owner();
    owner.send(get("/conversations"));
    owner.read_answer();
    owner.send("POST /owner/handover HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    owner.read_answer();

    served.on_io([&served] {
        wire::Request request;
        request.method = "GET";
        request.target = "/conversations";
        request.origin = wire::Origin::in_process;
        boost::asio::co_spawn(
            served.io,
            served.application.handle(
                std::move(request), CallContext::of_default_tenant(Deadline::max())
            ),
            boost::asio::detached
        );
    });
    served.exchange(get("/conversations/1"));

    const std::vector<LogLine> lines = access_lines(served);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].fields.at("route"), "\"/conversations\"");
    EXPECT_EQ(lines[1].fields.at("route"), "\"/conversations/{id}\"");
}

}  // namespace
}  // namespace rag::test
