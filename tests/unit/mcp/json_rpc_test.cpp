#include "json_rpc.hpp"

#include <gtest/gtest.h>

#include "domain/limits.hpp"

namespace rag::mcp {
namespace {

tl::expected<RpcMessage, Malformed> read(std::string_view text) {
    const tl::expected<encoding::Value, RpcError> value = read_json(text);
    EXPECT_TRUE(value.has_value()) << text;
    return read_message(value ? *value : encoding::Value());
}

TEST(JsonRpc, TellsRequestsNotificationsAndResponsesApart) {
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":7,"method":"ping"})")->kind, RpcMessage::Kind::request);
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","method":"x"})")->kind, RpcMessage::Kind::notification);
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":7,"result":{}})")->kind, RpcMessage::Kind::response);
}

TEST(JsonRpc, KeepsTheIdAsItWasSpelled) {
    EXPECT_EQ(read(R"({"jsonrpc":"2.0","id":"a\"b","method":"ping"})")->id, R"("a\"b")");
    EXPECT_EQ(
        read(R"({"jsonrpc":"2.0","id":9007199254740993,"method":"p"})")->id, "9007199254740993"
    );
}

TEST(JsonRpc, HasRoomForTheLongestConversationThatCanBeConfigured) {
    encoding::JsonWriter out;
    out.begin_object().member("jsonrpc", "2.0").member("id", "1").member("method", "tools/call");
    out.key("params").begin_object().member("name", "ingest_conversation");
    out.key("arguments").begin_object().member("idempotency_key", "k");
    out.key("conversation_data").begin_object().key("messages").begin_array();
    for (std::size_t message = 0; message < limits::kMessagesRaisedMax; ++message) {
        out.begin_object().member("author_name", "a").member("author_type", "user");
        out.member("content", "c").member("timestamp", "2025-11-07").member("external_id", "e");
        out.key("metadata").raw("{}").end_object();
    }
    out.end_array().end_object().end_object().end_object().end_object();

    EXPECT_TRUE(read_json(out.text()).has_value());
}

TEST(JsonRpc, RefusesWhatIsNoMessageAndKeepsAnIdThatCouldBeRead) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"("text")", ""},
        {R"({"id":1,"method":"ping"})", "1"},
        {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", "1"},
        {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", ""},
        {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", ""},
        {R"({"jsonrpc":"2.0","id":{},"method":"ping"})", ""},
        {R"({"jsonrpc":"2.0","id":1,"method":2})", "1"},
        {R"({"jsonrpc":"2.0","id":1})", "1"},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})", "1"},
    };

    for (const auto& [text, id] : cases) {
        const tl::expected<RpcMessage, Malformed> message = read(text);
        ASSERT_FALSE(message) << text;
        EXPECT_EQ(message.error().error.code, code::kInvalidRequest) << text;
        EXPECT_EQ(message.error().id, id) << text;
    }
}

TEST(JsonRpc, SaysWhatIsWrongWithBrokenJson) {
    for (const char* text : {"", "{", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "\xff"}) {
        const tl::expected<encoding::Value, RpcError> value = read_json(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, code::kParseError);
        EXPECT_EQ(value.error().status, 400);
    }
}

TEST(JsonRpc, LeavesTheIdOutOfAnErrorThatHasNone) {
    const RpcError error{code::kParseError, "Parse error", {}, 400};

    EXPECT_EQ(
        error_text("", error),
        R"({"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}})"
    );
    EXPECT_EQ(
        error_text("3", error),
        R"({"jsonrpc":"2.0","id":3,"error":{"code":-32700,"message":"Parse error"}})"
    );
}

}  // namespace
}  // namespace rag::mcp
