#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json_rpc.hpp"
#include "revision.hpp"

/// What can be asked for, and what of it is answered from fixed text alone.
namespace rag::mcp {

enum class MethodId : std::uint8_t {
    initialize,
    discover,
    ping,
    tools_list,
    tools_call,
    resources_list,
    resources_templates_list,
    resources_read,
    prompts_list,
    prompts_get
};

struct Method {
    MethodId id;
    std::string_view name;
    bool legacy;
    bool modern;
    std::string_view named_by;     // The member of `params` that the header Mcp-Name repeats.
    std::int64_t ttl_ms = -1;      // How long a client may keep the result; -1: not at all.
    std::string_view cache_scope;  // "public" or "private", with `ttl_ms`.
};

/// nullptr: that revision has no such method, or we do not offer it.
const Method* find_method(std::string_view name, Revision revision);

struct ServerInfo {
    std::string version;
};

/// Answers `initialize`; sets `settled` to the revision that holds from then on.
RpcAnswer initialize(const RpcMessage& message, const ServerInfo& server, Revision& settled);

/// The answer of a method that needs nothing stored, or its refusal; nullopt: the use cases have to
/// be asked. Never waits.
std::optional<RpcAnswer> answer_from_catalog(
    const Method& method, const RpcMessage& message, Revision revision
);

/// The whole answer as it goes to the client. Adds what modern results carry besides.
std::string finish(
    const RpcMessage& message,
    const Method& method,
    const RpcAnswer& answer,
    Revision revision,
    const ServerInfo& server
);

}  // namespace rag::mcp
