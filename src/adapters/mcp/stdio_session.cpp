#include "stdio_session.hpp"

#include "modern.hpp"

namespace rag::mcp {
namespace {

LinePlan reply(std::string line) { return LinePlan{std::move(line), nullptr, kNewestLegacy}; }

LinePlan refuse_line(const RpcMessage& message, int code, std::string why) {
    return reply(error_text(message.id, RpcError{code, std::move(why), {}, 400}));
}

LinePlan plan_method(
    const RpcMessage& message, const Method& method, Revision revision, const ServerInfo& server
) {
    // A call goes the whole way even where the catalog refuses it: there it is written down.
    const bool is_call = method.id == MethodId::tools_call;
    const std::optional<RpcAnswer> answer =
        is_call ? std::nullopt : answer_from_catalog(method, message, revision);
    if (!answer) return LinePlan{{}, &method, revision};
    return reply(finish(message, method, *answer, revision, server));
}

}  // namespace

LinePlan StdioSession::plan(const RpcMessage& message, const ServerInfo& server) {
    if (message.kind != RpcMessage::Kind::request) return {};
    return says_modern(message) ? plan_modern(message, server) : plan_legacy(message, server);
}

LinePlan StdioSession::plan_modern(const RpcMessage& message, const ServerInfo& server) {
    const tl::expected<const Method*, RpcError> method = check_modern(message);
    if (!method) return reply(error_text(message.id, method.error()));
    return plan_method(message, **method, Revision::v2026_07_28, server);
}

LinePlan StdioSession::plan_legacy(const RpcMessage& message, const ServerInfo& server) {
    const Method* method = find_method(message.method, kNewestLegacy);
    if (method != nullptr && method->id == MethodId::initialize) {
        // Gateways initialize again for each of their clients: the session begins anew.
        Revision revision = kNewestLegacy;
        const RpcAnswer answer = initialize(message, server, revision);
        if (answer) settled_ = revision;
        return reply(finish(message, *method, answer, revision, server));
    }
    const bool is_ping = method != nullptr && method->id == MethodId::ping;
    if (!settled_ && !is_ping) {
        return refuse_line(
            message,
            code::kInvalidParams,
            "Call initialize first, or send _meta as revision 2026-07-28 has it"
        );
    }
    if (method == nullptr) {
        return refuse_line(message, code::kMethodNotFound, "Method not found: " + message.method);
    }
    return plan_method(message, *method, settled_.value_or(kNewestLegacy), server);
}

std::string_view session_state(const std::optional<Revision>& settled) {
    return settled ? name_of(*settled) : "new";
}

std::optional<Revision> read_session_state(std::string_view state) {
    return legacy_revision(state);
}

}  // namespace rag::mcp
