#pragma once

#include <string>
#include <string_view>

#include "encoding/json.hpp"
#include "mcp/server.hpp"
#include "support/await.hpp"
#include "support/wired_use_cases.hpp"

namespace rag::test {

/// A token for every four bytes: stricter than any real tokenizer on JSON, and easy to reckon with.
class ByteTokenCounter final : public TokenCounter {
public:
    std::size_t count(std::string_view text) const override { return (text.size() + 3) / 4; }
    std::size_t max_tokens() const override { return 256; }
    std::size_t special_tokens() const override { return 2; }
};

/// Constructed before the use cases that count by it.
struct ByteCounted {
    ByteTokenCounter token_counter;
};

/// The use cases, and the MCP server over them.
class Memory : private ByteCounted, public WiredUseCases {
public:
    using ByteCounted::token_counter;

    Memory()
        : WiredUseCases(true, &token_counter),
          server(use_cases, work_pool, mcp::ServerOptions{.version = "1.2.3"}) {}

    wire::Response send(wire::Request request) {
        CallContext context =
            CallContext::of_default_tenant(in(kPatience), {"0123456789abcdef0123456789abcdef", {}});
        return await(server.handle_http(std::move(request), std::move(context)));
    }

    /// A line of a stdio session of that state.
    wire::Response send_line(std::string_view line, std::string_view state) {
        wire::Request request;
        request.method = "POST";
        request.target = "/mcp";
        request.origin = wire::Origin::in_process;
        request.headers = {{std::string(wire::kStdioHeader), std::string(state)}};
        request.body = std::string(line);
        return send(std::move(request));
    }

    /// The result of `tools/call` as the newest legacy revision has it.
    encoding::Value call(std::string_view tool, std::string_view arguments) {
        return call_as("2025-11-25", tool, arguments);
    }

    encoding::Value call_as(
        std::string_view revision, std::string_view tool, std::string_view arguments
    ) {
        std::string line = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")";
        line.append(tool).append(R"(","arguments":)").append(arguments).append("}}");
        last_line = send_line(line, revision).body;
        const Result<encoding::Value> answer = encoding::parse_json(last_line);
        const encoding::Value* result = answer ? answer->find("result") : nullptr;
        return result == nullptr ? encoding::Value() : *result;
    }

    mcp::Server server;
    std::string last_line;  // What the last `call` was answered, whole.
};

/// `text` of the member path "a/b/0"; "" if it is not there or no string.
inline std::string text_at(const encoding::Value& value, std::string_view path) {
    const encoding::Value* at = &value;
    while (!path.empty() && at != nullptr) {
        const std::size_t slash = path.find('/');
        const std::string name(path.substr(0, slash));
        path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
        if (const encoding::Value::Array* items = at->array()) {
            const std::size_t index = std::stoul(name);
            at = index < items->size() ? &(*items)[index] : nullptr;
        } else {
            at = at->find(name);
        }
    }
    if (at == nullptr || at->is_null()) return {};
    return at->string() != nullptr ? *at->string() : at->to_json();
}

/// A conversation of that many messages by two people, each `words` words long.
inline std::string conversation_json(std::string_view title, int messages, int words = 5) {
    encoding::JsonWriter out;
    out.begin_object().member("scenario_title", title).key("messages").begin_array();
    for (int message = 0; message < messages; ++message) {
        std::string content = "message number " + std::to_string(message);
        for (int word = 0; word < words; ++word) content += " word" + std::to_string(word);
        out.begin_object().member("author_name", message % 2 == 0 ? "Ana" : "Ben");
        out.member("content", std::string_view(content)).end_object();
    }
    return out.end_array().end_object().take();
}

}  // namespace rag::test
