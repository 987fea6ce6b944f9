#include <gmock/gmock.h>

#include "served_world.hpp"

namespace rag::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kConversation =
    R"({"scenario_title":"ops","metadata":{"big":12345678901234567890123,"n":1.50},)"
    R"("messages":[{"role":"user","text":"where are the backups?"},)"
    R"({"author_type":"assistant","content":"the backups moved to the new bucket"}]})";

std::string post(std::string_view target, std::string_view body, std::string_view headers = {}) {
    std::string request = "POST " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
    request += "Content-Type: application/json\r\n" + std::string(headers);
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return request + std::string(body);
}

std::string get(std::string_view target, std::string_view headers = {}) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
           std::string(headers) + "\r\n";
}

TEST(Server, StoresAConversationAndFindsItAgain) {
    ServedWorld served;

    const std::string stored = served.exchange(post("/ingest", kConversation));
    const std::string again = served.exchange(post("/conversations/ingest", kConversation));
    const std::string found = served.exchange(get("/search?q=backups&top_k=5"));

    EXPECT_EQ(status_of(stored), 201) << stored;
    EXPECT_THAT(body_of(stored), HasSubstr(R"("duplicate":false,"success":true)"));
    EXPECT_EQ(status_of(again), 200) << again;
    EXPECT_THAT(body_of(again), HasSubstr(R"("duplicate":true)"));
    EXPECT_EQ(status_of(found), 200) << found;
    EXPECT_THAT(body_of(found), HasSubstr(R"("total_results":2)"));
    EXPECT_THAT(
        body_of(found), HasSubstr(R"("metadata":{"big":12345678901234567890123,"n":1.50})")
    );
    EXPECT_EQ(served.world.telemetry.count("http_requests_total POST /ingest 201"), 1);
    EXPECT_EQ(served.world.telemetry.count("http_request_duration_seconds POST /ingest"), 1);
    EXPECT_EQ(served.world.telemetry.count("http_requests_total GET /search 200"), 1);
}

TEST(Server, AnswersTheOwnersSocketAndCallsOfTheProcessAlike) {
    ServedWorld served;
    wire::Request request;
    request.method = "GET";
    request.target = "/health";
    request.origin = wire::Origin::in_process;

    RawClient owner = served.connect_as_owner();
    owner.send(get("/health"));
    const std::string over_socket = owner.read_answer();
    const wire::Response in_process =
        served.on_io([&] { return await(served.application.handle(request, request_context())); });

    EXPECT_EQ(status_of(over_socket), 200) << over_socket;
    EXPECT_EQ(header_of(over_socket, "Mcp-Backend-Version"), "1.0.0");
    EXPECT_EQ(in_process.status, 200);
    EXPECT_THAT(in_process.body, StartsWith(R"({"status":"healthy","timestamp":")"));
    EXPECT_THAT(
        in_process.body, HasSubstr(R"("di_container":{"status":"healthy","architecture":"new"})")
    );
}

TEST(Server, KeepsTheOwnersRoutesToTheOwnersSocket) {
    ServedWorld served;

    RawClient owner = served.connect_as_owner();
    owner.send(post("/owner/handover", "{}"));

    EXPECT_EQ(status_of(owner.read_answer()), 200);
    EXPECT_EQ(status_of(served.exchange(post("/owner/handover", "{}"))), 404);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    ServedWorld served;
    RawClient client = served.connect();

    client.send(
        get("/livez") + post("/search", R"({"query":"x"})") + get("/nowhere") +
        "HEAD /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/metrics")
    );

    EXPECT_THAT(client.read_answer(), HasSubstr(R"({"status":"ok")"));
    EXPECT_THAT(client.read_answer(), HasSubstr(R"("total_results":0)"));
    EXPECT_EQ(status_of(client.read_answer()), 404);
    EXPECT_EQ(body_of(client.read_answer(true)), "");
    EXPECT_THAT(client.read_answer(), HasSubstr("up 1\n"));
}

TEST(Server, AnswersHeadLikeGetWithoutTheBody) {
    ServedWorld served;
    RawClient client = served.connect();

    client.send("HEAD /search?q=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const std::string answer = client.read_to_end();

    EXPECT_EQ(status_of(answer), 200) << answer;
    EXPECT_EQ(header_of(answer, "Content-Type"), "application/json");
    EXPECT_GT(std::stoi(header_of(answer, "Content-Length")), 50);
    EXPECT_EQ(body_of(answer), "");
}

TEST(Server, SendsAPageThatTheClientHasNotAgain) {
    ServedWorld served;

    const std::string page = served.exchange(get("/docs"));
    const std::string tag = header_of(page, "ETag");
    RawClient client = served.connect();
    client.send(get("/docs", "If-None-Match: " + tag + "\r\n") + get("/livez"));
    const std::string known = client.read_until("\r\n\r\n");
    const std::string next = client.read_answer();

    EXPECT_EQ(status_of(page), 200);
    EXPECT_EQ(header_of(page, "Cache-Control"), "no-cache");
    EXPECT_FALSE(header_of(page, "Content-Security-Policy").empty());
    EXPECT_EQ(status_of(known), 304) << known;
    EXPECT_EQ(header_of(known, "ETag"), tag);
    EXPECT_EQ(status_of(next), 200) << "a 304 has no body";
    EXPECT_EQ(status_of(served.exchange(get("/docs", "If-None-Match: \"other\"\r\n"))), 200);
}

TEST(Server, WaitsWithTheBodyForContinue) {
    ServedWorld served;
    RawClient client = served.connect();
    const std::string request = post("/ingest", kConversation, "Expect: 100-continue\r\n");
    const std::size_t header = request.find("\r\n\r\n") + 4;

    client.send(request.substr(0, header));
    const std::string go_on = client.read_until("\r\n\r\n");
    client.send(request.substr(header));

    EXPECT_EQ(go_on, "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(status_of(client.read_answer()), 201);
}

TEST(Server, RefusesABodyOverTheLimitDeclaredOrNot) {
    http::ApplicationConfig config = ServedWorld::default_config();
    config.body_bytes_max = 1'000;
    ServedWorld served({}, config);
    const std::string large(1'001, ' ');

    RawClient declared = served.connect();
    declared.send(post("/ingest", large));
    RawClient chunked = served.connect();
    chunked.send(
        "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" +
        large + "\r\n0\r\n\r\n"
    );

    EXPECT_EQ(status_of(declared.read_answer()), 413);
    EXPECT_EQ(status_of(chunked.read_to_end()), 413);
}

TEST(Server, ClosesAConnectionWhoseHeaderIsTooSlow) {
    http::ServerLimits config;
    config.header_timeout = std::chrono::milliseconds(50);
    ServedWorld served(config);
    RawClient client = served.connect();

    client.send("GET /livez HTTP/1.1\r\nHos");

    EXPECT_EQ(status_of(client.read_to_end()), 408);
}

TEST(Server, ClosesIdleConnectionsWithoutAWord) {
    http::ServerLimits config;
    config.idle_timeout = std::chrono::milliseconds(50);
    ServedWorld served(config);
    RawClient client = served.connect();

    EXPECT_EQ(client.read_to_end(), "");
}

TEST(Server, AnswersOnlyProbesOverTheConnectionLimit) {
    http::ServerLimits config;
    config.connections_max = 1;
    ServedWorld served(config);
    RawClient first = served.connect();
    first.send(get("/livez"));
    ASSERT_EQ(status_of(first.read_answer()), 200);

    const std::string search = served.exchange(get("/search?q=x"));
    const std::string probe = served.exchange(get("/readyz"));

    EXPECT_EQ(status_of(search), 503);
    EXPECT_NE(header_of(search, "Retry-After"), "");
    EXPECT_EQ(status_of(probe), 200);
}

TEST(Server, RefusesBodiesThatTogetherAreTooLarge) {
    http::ServerLimits config;
    config.inflight_bytes_max = 100;
    ServedWorld served(config);

    const std::string answer = served.exchange(post("/ingest", kConversation));

    EXPECT_EQ(status_of(answer), 503);
    EXPECT_EQ(header_of(answer, "Retry-After"), "1");
    EXPECT_EQ(status_of(served.exchange(post("/search", R"({"query":"x"})"))), 200);
}

TEST(Server, RepeatsTheAnswerOfARepeatedKey) {
    ServedWorld served;
    const std::string key = "Idempotency-Key: abc\r\n";

    const std::string first = served.exchange(post("/ingest", kConversation, key));
    const std::string second = served.exchange(post("/ingest", kConversation, key));
    const std::string other =
        served.exchange(post("/ingest", R"({"messages":[{"content":"x"}]})", key));

    EXPECT_EQ(status_of(first), 201) << first;
    EXPECT_EQ(header_of(first, "Idempotency-Replayed"), "");
    EXPECT_EQ(status_of(second), 201);
    EXPECT_EQ(header_of(second, "Idempotency-Replayed"), "true");
    EXPECT_EQ(body_of(second), body_of(first));
    EXPECT_EQ(status_of(other), 422) << other;
}

TEST(Server, TakesForwardKeysFromItsOwnProcessesOnly) {
    ServedWorld served;
    const std::string key = "Mcp-Backend-Forward-Key: 7\r\n";
    const std::string other = R"({"messages":[{"content":"something else"}]})";

    RawClient owner = served.connect_as_owner();
    owner.send(post("/ingest", kConversation, key) + post("/ingest", other, key));
    EXPECT_EQ(status_of(owner.read_answer()), 201);
    EXPECT_EQ(status_of(owner.read_answer()), 422);

    EXPECT_EQ(status_of(served.exchange(post("/ingest", other, key))), 201);
}

TEST(Server, HasTheLegacyShapesBehindTheRollbackFlag) {
    ServedWorld served({}, ServedWorld::default_config(), false);

    const std::string stored = served.exchange(post("/ingest", kConversation));
    const std::string found = served.exchange(get("/search?q=backups"));

    EXPECT_EQ(status_of(stored), 200);
    EXPECT_EQ(body_of(stored), R"({"conversation_id":1,"chunks":2})");
    EXPECT_THAT(
        body_of(found), StartsWith(R"({"query":"backups","total_results":2,"results":[{"id":)")
    );
    EXPECT_THAT(body_of(found), HasSubstr(R"("relevance_score":)"));
    EXPECT_THAT(served.exchange(get("/health")), HasSubstr(R"("architecture":"legacy")"));
}

}  // namespace
}  // namespace rag::test
