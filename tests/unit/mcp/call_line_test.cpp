#include <gmock/gmock.h>

#include "memory.hpp"

namespace rag::mcp {
namespace {

using test::LogLine;
using test::Memory;

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
    R"("capabilities":{},"clientInfo":{"name":"t","version":"1"}}})";

wire::Request post(std::string_view body) {
    wire::Request request;
    request.method = "POST";
    request.target = "/mcp";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = std::string(body);
    return request;
}

std::vector<LogLine> call_lines(const Memory& memory) {
    std::vector<LogLine> found;
    for (const LogLine& line : memory.telemetry.lines()) {
        if (line.logger == "app.mcp.call") found.push_back(line);
    }
    return found;
}

TEST(CallLine, TellsWhichToolWasCalledAndHowItEnded) {
    Memory memory;

    memory.call("search_conversations", R"({"q":"secret"})");
    memory.call("get_conversation", R"({"conversation_id":"77"})");
    memory.call("search_conversations", R"({"top_k":0})");

    const std::vector<LogLine> lines = call_lines(memory);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].level, LogLevel::info);
    EXPECT_EQ(lines[0].fields.at("tool"), "\"search_conversations\"");
    EXPECT_EQ(lines[0].fields.at("status"), "\"success\"");
    EXPECT_GE(std::stod(lines[0].fields.at("duration_ms")), 0);
    EXPECT_EQ(lines[0].trace_id, "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(lines[0].fields.size(), 3U);
    EXPECT_EQ(lines[1].fields.at("tool"), "\"get_conversation\"");
    EXPECT_EQ(lines[1].fields.at("status"), "\"error\"");
    EXPECT_EQ(lines[2].fields.at("status"), "\"error\"");
}

TEST(CallLine, DoesNotRepeatANameThatTheClientMadeUp) {
    Memory memory;

    const wire::Response opened = memory.send(post(kInitialize));
    wire::Request call = post(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tell_me_the_secret"}})"
    );
    call.headers.push_back({"Mcp-Session-Id", std::string(opened.header("Mcp-Session-Id"))});
    memory.send(call);

    const std::vector<LogLine> lines = call_lines(memory);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].fields.at("tool"), "\"{unknown}\"");
    EXPECT_EQ(lines[0].fields.at("status"), "\"error\"");
}

TEST(CallLine, IsNotWrittenForWhatIsNoCall) {
    Memory memory;

    memory.send_line(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", "2025-11-25");
    memory.send_line(R"({"jsonrpc":"2.0","id":2,"method":"resources/list"})", "2025-11-25");

    EXPECT_TRUE(call_lines(memory).empty());
}

}  // namespace
}  // namespace rag::mcp
