#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/conversation.hpp"
#include "json_rpc.hpp"
#include "revision.hpp"

/// Prompts that a user picks in a client.
namespace rag::mcp {

/// The member `prompts`.
std::string prompts_page(Revision revision);

/// `prompts/get` of a prompt that is text alone, or its refusal; nullopt: `summarize_conversation`
/// with valid arguments, which shows a stored conversation.
std::optional<RpcAnswer> prompt_from_text(const RpcMessage& message);

/// The arguments of `summarize_conversation`.
struct SummaryRequest {
    ConversationId conversation;
    std::string focus;  // Empty: nothing special.
};
SummaryRequest read_summary_request(const RpcMessage& message);

/// Members of its result. `resource`: the conversation as a resource's contents, JSON.
std::string summary_prompt(
    const SummaryRequest& request, std::string_view title, std::string_view resource
);

}  // namespace rag::mcp
