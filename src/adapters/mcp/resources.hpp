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
std::optional<Answer> check_resource(const Message& message, Revision revision);

Task<Answer> list_resources(
    const ServerContext& server, Message message, Revision revision, CallContext context
);
Task<Answer> read_resource(
    const ServerContext& server, Message message, Revision revision, CallContext context
);
/// The prompt that shows a conversation.
Task<Answer> summarize_prompt(const ServerContext& server, Message message, CallContext context);

/// A failure of a use case, as a protocol error.
RpcError rpc_error(const Error& error);

}  // namespace rag::mcp
