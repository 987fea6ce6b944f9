#pragma once

#include <optional>
#include <string>

#include "application/use_cases.hpp"
#include "json_rpc.hpp"
#include "revision.hpp"
#include "result_budget.hpp"
#include "transcript.hpp"

/// Conversations as resources: `conversation://123`.
namespace rag::mcp {

/// The member `resourceTemplates`.
std::string resource_templates(Revision revision);

/// Refuses a `resources/read` that names no conversation; nullopt: it may be there.
std::optional<Answer> check_resource(const Message& message, Revision revision);

Task<Answer> list_resources(
    const UseCases& use_cases, Message message, Revision revision, RequestContext context
);
Task<Answer> read_resource(
    const UseCases& use_cases, Message message, Revision revision, RequestContext context
);
/// The prompt that shows a conversation.
Task<Answer> summarize_prompt(const UseCases& use_cases, Message message, RequestContext context);

/// A failure of a use case, as a protocol error.
RpcError rpc_error(const Error& error);

}  // namespace rag::mcp
