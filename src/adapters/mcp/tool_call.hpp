#pragma once

#include <string>
#include <vector>

#include "encoding/json.hpp"
#include "result_budget.hpp"
#include "server_context.hpp"

/// The tools. Each takes arguments as a client sent them and gives its JSON object; an error tells
/// the model which argument was wrong, or what to do.
namespace rag::mcp {

struct ToolCall {
    encoding::Value arguments;  // An object.
    std::size_t message_bytes;  // Of the message they came in, or more.
    ResultBudget budget;
    std::vector<WriteKey> write_keys;  // Of whoever forwards the call.
    CallContext context;
};

using ToolOutput = Result<std::string>;

Task<ToolOutput> search_conversations(const ServerContext& server, ToolCall call);
Task<ToolOutput> ingest_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> get_conversations(const ServerContext& server, ToolCall call);
Task<ToolOutput> get_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> delete_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> search(const ServerContext& server, ToolCall call);
Task<ToolOutput> fetch(const ServerContext& server, ToolCall call);
Task<ToolOutput> health_check(const ServerContext& server, ToolCall call);

/// Members of the result of `tools/call`.
std::string tool_result(const ToolOutput& output, Revision revision);

}  // namespace rag::mcp
