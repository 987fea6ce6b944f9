#pragma once

#include <optional>
#include <string>

#include "json_rpc.hpp"
#include "revision.hpp"
#include "server_context.hpp"
#include "transcript.hpp"

/// Conversations as resources: `conversation://123`.
namespace rag::mcp {

/// The member `resourceTemplates`.
std::string resource_templates(Revision revision);

/// Refuses a `resources/read` that names no conversation; nullopt: it may be there.
std::optional<RpcAnswer> check_resource(const RpcMessage& message, Revision revision);

Task<RpcAnswer> list_resources(
    const ServerContext& server, RpcMessage message, Revision revision, CallContext context
);
Task<RpcAnswer> read_resource(
    const ServerContext& server, RpcMessage message, Revision revision, CallContext context
);
/// The prompt that shows a conversation.
Task<RpcAnswer> summarize_prompt(
    const ServerContext& server, RpcMessage message, CallContext context
);

/// A failure of a use case, as a protocol error.
RpcError rpc_error(const Error& error);

}  // namespace rag::mcp
