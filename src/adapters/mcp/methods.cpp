#include "methods.hpp"

#include <array>
#include <utility>

#include "catalog.hpp"
#include "prompts.hpp"
#include "resources.hpp"

namespace rag::mcp {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::string_view kTitle = "Conversation memory";

constexpr std::array<Method, 10> kMethods{{
    {MethodId::initialize, "initialize", true, false, "", -1, ""},
    {MethodId::discover, "server/discover", false, true, "", kHourMs, "public"},
    {MethodId::ping, "ping", true, false, "", -1, ""},
    {MethodId::tools_list, "tools/list", true, true, "", kHourMs, "public"},
    {MethodId::tools_call, "tools/call", true, true, "name", -1, ""},
    {MethodId::resources_list, "resources/list", true, true, "", 0, "private"},
    {MethodId::resources_templates_list,
     "resources/templates/list",
     true,
     true,
     "",
     kHourMs,
     "public"},
    {MethodId::resources_read, "resources/read", true, true, "uri", 0, "private"},
    {MethodId::prompts_list, "prompts/list", true, true, "", kHourMs, "public"},
    {MethodId::prompts_get, "prompts/get", true, true, "name", -1, ""},
}};

void write_server_info(encoding::JsonWriter& out, const ServerInfo& server, Revision revision) {
    out.begin_object().member("name", kServerName);
    if (has_structured_content(revision)) out.member("title", kTitle);
    out.member("version", std::string_view(server.version)).end_object();
}

// Exactly what is served: no listChanged, no subscribe, no completions, no logging.
void write_capabilities(encoding::JsonWriter& out) {
    out.key("capabilities").raw(R"({"tools":{},"resources":{},"prompts":{}})");
}

RpcAnswer discover() {
    encoding::JsonWriter out;
    out.key("supportedVersions").begin_array().string(kModernName).end_array();
    write_capabilities(out);
    out.member("instructions", kInstructions);
    return out.take();
}

/// Our fixed lists have one page, so no cursor is ours.
RpcAnswer one_page(const RpcMessage& message, std::string members) {
    const encoding::Value* cursor = message.params.find("cursor");
    if (cursor != nullptr && !cursor->is_null()) {
        return refuse(code::kInvalidParams, "cursor: not a cursor of this list");
    }
    return members;
}

std::string tools_page(Revision revision) {
    encoding::JsonWriter out;
    write_tools(out, revision);
    return out.take();
}

/// Refuses a call that no tool could be given; nullopt: it is for the tool.
std::optional<RpcAnswer> check_call(const RpcMessage& message) {
    const encoding::Value* name = message.params.find("name");
    if (name == nullptr || name->string() == nullptr) {
        return refuse(code::kInvalidParams, "name: the tool to call, a string");
    }
    if (find_tool(*name->string()) == nullptr) {
        return refuse(code::kInvalidParams, "Unknown tool: " + *name->string());
    }
    const encoding::Value* arguments = message.params.find("arguments");
    if (arguments != nullptr && !arguments->is_null() && !arguments->is_object()) {
        return refuse(code::kInvalidParams, "arguments: must be an object");
    }
    return std::nullopt;
}

}  // namespace

const Method* find_method(std::string_view name, Revision revision) {
    for (const Method& method : kMethods) {
        if (method.name != name) continue;
        return (is_modern(revision) ? method.modern : method.legacy) ? &method : nullptr;
    }
    return nullptr;
}

RpcAnswer initialize(const RpcMessage& message, const ServerInfo& server, Revision& settled) {
    const encoding::Value* wanted = message.params.find("protocolVersion");
    if (wanted == nullptr || wanted->string() == nullptr) {
        return refuse(code::kInvalidParams, "protocolVersion: must be a string");
    }
    settled = legacy_revision(*wanted->string()).value_or(kNewestLegacy);
    encoding::JsonWriter out;
    out.member("protocolVersion", name_of(settled));
    write_capabilities(out);
    out.key("serverInfo");
    write_server_info(out, server, settled);
    out.member("instructions", kInstructions);
    return out.take();
}

std::optional<RpcAnswer> answer_from_catalog(
    const Method& method, const RpcMessage& message, Revision revision
) {
    switch (method.id) {
        case MethodId::discover:
            return discover();
        case MethodId::ping:
            return std::string();
        case MethodId::tools_list:
            return one_page(message, tools_page(revision));
        case MethodId::resources_templates_list:
            return one_page(message, resource_templates(revision));
        case MethodId::prompts_list:
            return one_page(message, prompts_page(revision));
        case MethodId::tools_call:
            return check_call(message);
        case MethodId::prompts_get:
            return prompt_from_text(message);
        case MethodId::resources_read:
            return check_resource(message, revision);
        case MethodId::initialize:
        case MethodId::resources_list:
            break;
    }
    return std::nullopt;
}

std::string finish(
    const RpcMessage& message,
    const Method& method,
    const RpcAnswer& answer,
    Revision revision,
    const ServerInfo& server
) {
    if (!answer) return error_text(message.id, answer.error());
    std::string result = "{" + *answer;
    if (is_modern(revision)) {
        encoding::JsonWriter out;
        out.member("resultType", "complete");
        if (method.ttl_ms >= 0) {
            out.member("ttlMs", method.ttl_ms).member("cacheScope", method.cache_scope);
        }
        out.key("_meta").begin_object().key("io.modelcontextprotocol/serverInfo");
        write_server_info(out, server, revision);
        out.end_object();
        if (!answer->empty()) result += ',';
        result += out.text();
    }
    return result_text(message.id, result += '}');
}

}  // namespace rag::mcp
