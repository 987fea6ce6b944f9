#include "modern.hpp"

#include <gtest/gtest.h>

namespace rag::mcp {
namespace {

constexpr std::string_view kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";

RpcMessage message_of(std::string_view method, std::string_view params) {
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(")";
    if (!params.empty()) text += R"(,"params":)" + std::string(params);
    return *read_message(*read_json(text + "}"));
}

wire::Request request_of(std::vector<wire::Header> headers) {
    wire::Request request;
    request.method = "POST";
    request.headers = std::move(headers);
    return request;
}

std::string modern_params(std::string_view more = "") {
    return "{" + std::string(more) + std::string(kMeta) + "}";
}

/// 0: not refused.
int code_of(const RpcMessage& message, std::vector<wire::Header> headers) {
    const auto method = check_modern(message, request_of(std::move(headers)));
    return method ? 0 : method.error().code;
}

TEST(Eras, AreToldByTheVersionInTheBodyTheCapabilitiesOrAVersionThatIsNotLegacy) {
    struct Case {
        std::string params;
        std::string version_header;
        bool modern;
    };
    const std::vector<Case> cases{
        {modern_params(), "", true},
        {modern_params(), "2025-11-25", true},
        {R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01"}})", "", true},
        {R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}})", "", true},
        {"", "2026-07-28", true},
        {"", "1900-01-01", true},
        {"", "", false},
        {"", "2025-11-25", false},
        {"", "2024-11-05", false},
        {R"({"_meta":{"progressToken":"p"}})", "", false},
        {R"({"_meta":{"progressToken":"p"}})", "2025-06-18", false},
    };

    for (const Case& each : cases) {
        const RpcMessage message = message_of("tools/list", each.params);
        const wire::Request request =
            request_of({{"mcp-protocol-version", each.version_header}, {"Mcp-Method", "x"}});
        EXPECT_EQ(is_modern(request, message), each.modern)
            << each.params << " with header " << each.version_header;
    }
}

TEST(ModernChecks, ComeInTheOrderThatClientsRelyOn) {
    const RpcMessage good = message_of("tools/list", modern_params());
    const wire::Header version{"MCP-Protocol-Version", "2026-07-28"};
    const wire::Header method{"Mcp-Method", "tools/list"};
    const RpcMessage strange = message_of(
        "tools/list",
        R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"v999.0.0",)"
        R"("io.modelcontextprotocol/clientCapabilities":{}}})"
    );

    EXPECT_EQ(code_of(good, {version, method}), 0);
    EXPECT_EQ(code_of(good, {method}), code::kHeaderMismatch);
    EXPECT_EQ(code_of(message_of("tools/list", ""), {version, method}), code::kInvalidParams);
    EXPECT_EQ(code_of(strange, {version, method}), code::kHeaderMismatch);
    EXPECT_EQ(
        code_of(strange, {{"MCP-Protocol-Version", "v999.0.0"}, method}), code::kUnsupportedVersion
    );
    EXPECT_EQ(code_of(good, {version}), code::kHeaderMismatch);
    EXPECT_EQ(code_of(good, {version, {"Mcp-Method", "Tools/List"}}), code::kHeaderMismatch);
    EXPECT_EQ(code_of(good, {version, {"mcp-method", " tools/list\t"}}), 0);
}

TEST(ModernChecks, WantBothRequiredKeysOfMeta) {
    const wire::Header version{"MCP-Protocol-Version", "2026-07-28"};
    const wire::Header method{"Mcp-Method", "server/discover"};

    for (const char* params :
         {R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})",
          R"({"_meta":{"io.modelcontextprotocol/clientCapabilities":{}}})",
          R"({"_meta":{"io.modelcontextprotocol/protocolVersion":20260728,)"
          R"("io.modelcontextprotocol/clientCapabilities":{}}})",
          R"({"_meta":{}})",
          R"({})"}) {
        const auto checked =
            check_modern(message_of("server/discover", params), request_of({version, method}));
        ASSERT_FALSE(checked) << params;
        EXPECT_EQ(checked.error().code, code::kInvalidParams) << params;
        EXPECT_EQ(checked.error().status, 400) << params;
    }
}

TEST(ModernChecks, DoNotKnowTheMethodsThatWereRemoved) {
    for (const char* name :
         {"initialize",
          "ping",
          "logging/setLevel",
          "resources/subscribe",
          "completion/complete",
          "subscriptions/listen",
          "no/such"}) {
        const auto checked = check_modern(
            message_of(name, modern_params()),
            request_of({{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", name}})
        );
        ASSERT_FALSE(checked) << name;
        EXPECT_EQ(checked.error().code, code::kMethodNotFound) << name;
        EXPECT_EQ(checked.error().status, 404) << name;
    }
}

TEST(ModernChecks, CompareTheNameWithItsHeader) {
    const RpcMessage call = message_of("tools/call", modern_params(R"("name":"caf\u00e9",)"));
    const wire::Header version{"MCP-Protocol-Version", "2026-07-28"};
    const wire::Header method{"Mcp-Method", "tools/call"};
    const auto code_with = [&](const char* name) {
        return code_of(call, {version, method, {"Mcp-Name", name}});
    };

    EXPECT_EQ(code_with("caf\u00e9"), 0);
    EXPECT_EQ(code_with("=?base64?Y2Fmw6k=?="), 0);
    EXPECT_EQ(code_with("cafe"), code::kHeaderMismatch);
    EXPECT_EQ(code_with("=?base64?Y2Fmw6k?="), code::kHeaderMismatch);
    EXPECT_EQ(code_of(call, {version, method}), code::kHeaderMismatch);
    const RpcMessage read =
        message_of("resources/read", modern_params(R"("uri":"conversation://1",)"));
    EXPECT_EQ(
        code_of(
            read, {version, {"Mcp-Method", "resources/read"}, {"Mcp-Name", "conversation://2"}}
        ),
        code::kHeaderMismatch
    );
}

TEST(DecodeHeader, KnowsBase64ByItsExactMarks) {
    EXPECT_EQ(decode_header("plain"), "plain");
    EXPECT_EQ(decode_header("=?base64?aGk=?="), "hi");
    EXPECT_EQ(
        decode_header("=?base64?"
                      "?="),
        ""
    );
    EXPECT_EQ(decode_header("=?base64?aGk="), "=?base64?aGk=");
    EXPECT_EQ(decode_header("aGk=?="), "aGk=?=");
    EXPECT_EQ(decode_header("=?BASE64?aGk=?="), "=?BASE64?aGk=?=");
    EXPECT_EQ(decode_header("=?base64?aGk?="), std::nullopt);    // Padding is missing.
    EXPECT_EQ(decode_header("=?base64?aG k=?="), std::nullopt);  // Not of the alphabet.
    EXPECT_EQ(decode_header("=?base64?aGl=?="), std::nullopt);   // Bits are left over.
    EXPECT_EQ(decode_header("=?base64?/w==?="), std::nullopt);   // No UTF-8.
}

TEST(ModernChecks, RefuseAnUnknownLogLevel) {
    const auto with_level = [](std::string_view level) {
        return message_of(
            "tools/list",
            R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
            R"("io.modelcontextprotocol/clientCapabilities":{},)"
            R"("io.modelcontextprotocol/logLevel":")" +
                std::string(level) + R"("}})"
        );
    };

    EXPECT_TRUE(check_modern(with_level("info")));
    ASSERT_FALSE(check_modern(with_level("loud")));
    EXPECT_EQ(check_modern(with_level("loud")).error().code, code::kInvalidParams);
}

}  // namespace
}  // namespace rag::mcp
