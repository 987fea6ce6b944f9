#include <gtest/gtest.h>

#include "memory.hpp"

namespace rag::mcp {
namespace {

using test::Memory;
using test::text_at;

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{},"clientInfo":{"name":"c","version":"1"}}})";
constexpr std::string_view kPing = R"({"jsonrpc":"2.0","id":2,"method":"ping"})";

wire::Request post(std::string_view body, std::vector<wire::Header> more = {}) {
    wire::Request request;
    request.method = "POST";
    request.target = "/mcp";
    request.headers = {
        {"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}};
    for (wire::Header& header : more) request.headers.push_back(std::move(header));
    request.body = std::string(body);
    return request;
}

std::string open_session(Memory& memory, std::string_view revision = "2025-11-25") {
    std::string body(kInitialize);
    body.replace(body.find("2025-11-25"), 10, revision);
    return std::string(memory.send(post(body)).header("Mcp-Session-Id"));
}

std::string error_code(const wire::Response& response) {
    const Result<encoding::Value> value = encoding::parse_json(response.body);
    return value ? text_at(*value, "error/code") : "no JSON";
}

TEST(McpOverHttp, OpensASessionAndServesItOnAnyNodeOfTheStore) {
    Memory memory;
    const std::string id = open_session(memory);
    ASSERT_FALSE(id.empty());

    EXPECT_EQ(
        memory.send(post(kPing, {{"Mcp-Session-Id", id}})).body,
        R"({"jsonrpc":"2.0","id":2,"result":{}})"
    );
    const wire::Response notified = memory.send(
        post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", {{"Mcp-Session-Id", id}})
    );
    EXPECT_EQ(notified.status, 202);
    EXPECT_TRUE(notified.body.empty());
    // The fakes share a key, as processes over one store do.
    Memory another;
    EXPECT_EQ(another.send(post(kPing, {{"Mcp-Session-Id", id}})).status, 200);

    wire::Request end = post("", {{"Mcp-Session-Id", id}});
    end.method = "DELETE";
    EXPECT_EQ(memory.send(end).status, 200);
    end = post("", {{"Mcp-Session-Id", "unknown"}});
    end.method = "DELETE";
    const wire::Response unknown = memory.send(end);
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(error_code(unknown), "-32001");
}

TEST(McpOverHttp, OpensNoSessionWhileTheStoreCannotBeRead) {
    Memory memory;
    memory.repository.fail_with("session_key", ErrorCode::unavailable);

    EXPECT_EQ(memory.send(post(kInitialize)).status, 503);
    EXPECT_EQ(memory.send(post(kPing, {{"Mcp-Session-Id", "any"}})).status, 503);
    memory.repository.recover();
    EXPECT_FALSE(open_session(memory).empty());
}

TEST(McpOverHttp, RefusesALegacyRequestWithoutASession) {
    Memory memory;

    EXPECT_EQ(memory.send(post(kPing)).status, 400);
    EXPECT_EQ(memory.send(post(kPing, {{"Mcp-Session-Id", "unknown"}})).status, 404);
}

TEST(McpOverHttp, BeginsAnewWhereASessionIsInitializedAgain) {
    Memory memory;
    const std::string first = open_session(memory);

    const wire::Response again = memory.send(post(kInitialize, {{"Mcp-Session-Id", first}}));

    EXPECT_EQ(again.status, 200);
    const std::string second(again.header("Mcp-Session-Id"));
    EXPECT_NE(second, first);
    EXPECT_EQ(memory.send(post(kPing, {{"Mcp-Session-Id", second}})).status, 200);
}

TEST(McpOverHttp, OffersNoStreamAndNoOtherMethod) {
    Memory memory;
    for (const char* method : {"GET", "PUT", "HEAD", "OPTIONS"}) {
        wire::Request request = post("");
        request.method = method;
        const wire::Response response = memory.send(request);
        EXPECT_EQ(response.status, 405) << method;
        EXPECT_EQ(response.header("Allow"), "POST, DELETE") << method;
    }
}

TEST(McpOverHttp, ChecksMediaTypesBeforeAnythingElse) {
    Memory memory;
    struct Case {
        const char* content_type;
        const char* accept;
        int status;
    };
    const std::vector<Case> cases{
        {"application/json; charset=utf-8", "text/event-stream, application/json;q=0.5", 200},
        {"APPLICATION/JSON", "*/*", 200},
        {"application/json", "application/*, text/*", 200},
        {"application/json", "", 200},
        {"text/plain", "*/*", 415},
        {"", "*/*", 415},
        {"application/json", "application/json", 200},
        {"application/json", "application/json, text/event-stream;q=0", 200},
        {"application/json", "text/event-stream", 406},
        {"application/json", "text/event-stream, application/json;q=0", 406},
        {"application/json", "text/html", 406},
    };

    for (const Case& each : cases) {
        wire::Request request = post(kInitialize);
        request.headers = {{"Content-Type", each.content_type}, {"Accept", each.accept}};
        const wire::Response response = memory.send(request);
        EXPECT_EQ(response.status, each.status) << each.content_type << " / " << each.accept;
    }
}

TEST(McpOverHttp, ReadsAnAcceptOfSeveralLines) {
    Memory memory;
    wire::Request request = post(kInitialize);
    request.headers = {
        {"Content-Type", "application/json"},
        {"Accept", "text/event-stream"},
        {"Accept", "application/json"}};

    EXPECT_EQ(memory.send(request).status, 200);
}

TEST(McpOverHttp, AnswersBrokenMessagesWith400AndTheIdIfItCanBeRead) {
    Memory memory;

    const wire::Response broken = memory.send(post("{\"id\":1,"));
    EXPECT_EQ(broken.status, 400);
    EXPECT_EQ(error_code(broken), "-32700");
    const wire::Response shapeless = memory.send(post(R"({"id":"x","method":"ping"})"));
    EXPECT_EQ(shapeless.status, 400);
    EXPECT_EQ(error_code(shapeless), "-32600");
    EXPECT_NE(shapeless.body.find(R"("id":"x")"), std::string::npos);
}

TEST(McpOverHttp, ServesBatchesOnlyWhereTheRevisionHasThem) {
    Memory memory;
    constexpr std::string_view kBatch =
        R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},)"
        R"({"jsonrpc":"2.0","id":"b","method":"nope"},7])";
    const std::string old_session = open_session(memory, "2025-03-26");
    const std::string new_session = open_session(memory, "2025-06-18");

    const wire::Response served = memory.send(post(kBatch, {{"Mcp-Session-Id", old_session}}));
    EXPECT_EQ(served.status, 200);
    const Result<encoding::Value> answers = encoding::parse_json(served.body);
    ASSERT_TRUE(answers && answers->array() != nullptr) << served.body;
    ASSERT_EQ(answers->array()->size(), 3u);
    EXPECT_EQ(text_at(*answers, "0/result"), "{}");
    EXPECT_EQ(text_at(*answers, "1/error/code"), "-32601");
    EXPECT_EQ(text_at(*answers, "2/error/code"), "-32600");

    const wire::Response refused = memory.send(post(kBatch, {{"Mcp-Session-Id", new_session}}));
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(error_code(refused), "-32600");
    const wire::Response empty = memory.send(post("[]", {{"Mcp-Session-Id", old_session}}));
    EXPECT_EQ(empty.status, 400);
    const wire::Response silent = memory.send(
        post(R"([{"jsonrpc":"2.0","method":"notifications/x"}])", {{"Mcp-Session-Id", old_session}})
    );
    EXPECT_EQ(silent.status, 202);
    const wire::Response handshake =
        memory.send(post("[" + std::string(kInitialize) + "]", {{"Mcp-Session-Id", old_session}}));
    EXPECT_NE(handshake.body.find("-32600"), std::string::npos);
}

TEST(McpOverHttp, RefusesAnArrayOfWhoeverHasNoSession) {
    Memory memory;
    constexpr std::string_view kBatch = R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])";
    const std::string session = open_session(memory, "2025-03-26");

    for (const wire::Request& request : {
             post(kBatch),
             post(kBatch, {{"MCP-Protocol-Version", "2025-03-26"}}),
             post(kBatch, {{"MCP-Protocol-Version", "2026-07-28"}}),
             post(kBatch, {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Session-Id", session}}),
             post("[]"),
         }) {
        const wire::Response refused = memory.send(request);
        EXPECT_EQ(refused.status, 400);
        EXPECT_EQ(error_code(refused), "-32600");
    }
    const wire::Response ended = memory.send(post(kBatch, {{"Mcp-Session-Id", "gone"}}));
    EXPECT_EQ(ended.status, 404);
}

TEST(McpOverHttp, IgnoresTheHeadersOfOtherProcessesWhenARequestComesFromTheNetwork) {
    Memory memory;
    wire::Request request = post(kPing);
    request.headers.push_back({std::string(wire::kStdioHeader), "2025-11-25"});

    EXPECT_EQ(memory.send(request).status, 400);
    request.origin = wire::Origin::owner_socket;
    EXPECT_EQ(memory.send(request).status, 200);
}

TEST(McpOverHttp, CarriesTheStateOfAStdioSessionBackAndForth) {
    Memory memory;

    const wire::Response opened = memory.send_line(kInitialize, "new");
    EXPECT_EQ(opened.header(wire::kStdioHeader), "2025-11-25");
    const wire::Response early =
        memory.send_line(R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})", "new");
    EXPECT_EQ(early.header(wire::kStdioHeader), "new");
    EXPECT_EQ(error_code(early), "-32602");
    EXPECT_EQ(memory.send_line(kInitialize, "2025-11-25").header(wire::kStdioHeader), "2025-11-25");
}

TEST(McpOverHttp, ParsesALargeMessageOnThePoolAndSaysSoWhereThePoolIsBusy) {
    Memory memory;
    const std::string id = open_session(memory);
    const std::string large = R"({"jsonrpc":"2.0","id":2,"method":"ping","params":{"x":")" +
                              std::string(300'000, 'x') + R"("}})";

    const wire::Response answered = memory.send(post(large, {{"Mcp-Session-Id", id}}));
    EXPECT_EQ(answered.status, 200);
    EXPECT_EQ(memory.work_pool.jobs(), 1u);

    memory.work_pool.refuse_with(ErrorCode::overloaded);
    const wire::Response refused = memory.send(post(large, {{"Mcp-Session-Id", id}}));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(error_code(refused), "-32603");
    EXPECT_EQ(memory.send(post(kPing, {{"Mcp-Session-Id", id}})).status, 200);
}

TEST(McpOverHttp, LetsWhoeverSentALineAnswerItWhereThePoolIsBusy) {
    Memory memory;
    memory.work_pool.refuse_with(ErrorCode::overloaded);

    const wire::Response refused =
        memory.send_line(std::string(300'000, ' ') + std::string(kPing), "2025-11-25");

    EXPECT_EQ(refused.status, 503);
    const Result<encoding::Value> problem = encoding::parse_json(refused.body);
    ASSERT_TRUE(problem.has_value()) << refused.body;
    EXPECT_NE(text_at(*problem, "detail"), "");
}

}  // namespace
}  // namespace rag::mcp
