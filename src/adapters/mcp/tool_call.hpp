#pragma once

#include <string>
#include <vector>

#include "application/use_cases.hpp"
#include "catalog.hpp"
#include "json_rpc.hpp"
#include "result_budget.hpp"

/// The tools. Each takes arguments as a client sent them and gives its JSON object; an error tells
/// the model which argument was wrong, or what to do.
namespace rag::mcp {

struct ToolCall {
    wire::Value arguments;  // An object.
    ResultBudget budget;
    std::vector<WriteKey> write_keys;  // Of whoever forwards the call.
    RequestContext context;
};

using ToolOutput = Result<std::string>;

Task<ToolOutput> search_conversations(const UseCases& use_cases, ToolCall call);
Task<ToolOutput> ingest_conversation(const UseCases& use_cases, ToolCall call);
Task<ToolOutput> get_conversations(const UseCases& use_cases, ToolCall call);
Task<ToolOutput> get_conversation(const UseCases& use_cases, ToolCall call);
Task<ToolOutput> delete_conversation(const UseCases& use_cases, ToolCall call);
Task<ToolOutput> search(const UseCases& use_cases, ToolCall call);
Task<ToolOutput> fetch(const UseCases& use_cases, ToolCall call);
ToolOutput health_check(const UseCases& use_cases, const ToolCall& call, std::string_view version);

/// Members of the result of `tools/call`.
std::string tool_result(const ToolOutput& output, Revision revision);

}  // namespace rag::mcp
