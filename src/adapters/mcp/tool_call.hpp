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
    encoding::Value arguments;  // An object that holds nothing but arguments of the tool.
    std::size_t message_bytes;  // Of the message they came in, or more.
    ResultBudget budget;
    std::vector<WriteKey> write_keys;  // Of whoever forwards the call.
    CallContext context;
    /// What was replaced in the arguments, with pointers into them.
    std::vector<encoding::Replacement> replaced = {};
};

/// What a tool answers: its JSON object, and what a model reads of it where that is another text.
struct ToolAnswer {
    ToolAnswer(std::string object) : json(std::move(object)) {}  // Implicit: most are no more.

    std::string json;
    std::string text = {};  // Empty: the JSON itself.
};
using ToolOutput = Result<ToolAnswer>;

Task<ToolOutput> search_conversations(const ServerContext& server, ToolCall call);
Task<ToolOutput> ingest_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> append_messages(const ServerContext& server, ToolCall call);
Task<ToolOutput> get_conversations(const ServerContext& server, ToolCall call);
Task<ToolOutput> get_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> update_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> delete_conversation(const ServerContext& server, ToolCall call);
Task<ToolOutput> search(const ServerContext& server, ToolCall call);
Task<ToolOutput> fetch(const ServerContext& server, ToolCall call);
Task<ToolOutput> health_check(const ServerContext& server, ToolCall call);

/// The member of a result that tells which arguments the tool does not know; empty: none was sent.
std::string ignored_member(const std::vector<std::string>& ignored);

/// Members of the result of `tools/call`.
std::string tool_result(
    const ToolOutput& output, const std::vector<std::string>& ignored, Revision revision
);

}  // namespace rag::mcp
