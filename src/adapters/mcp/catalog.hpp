#pragma once

#include <span>
#include <string_view>

#include "application/parameters.hpp"
#include "arguments.hpp"
#include "encoding/json.hpp"
#include "revision.hpp"
#include "tool_call.hpp"

/// The list of tools, and what clients are told of us before they call anything: all of it fixed
/// text, so that it can be answered before the store or the model is there.
namespace rag::mcp {

inline constexpr std::string_view kServerName = "mcp-backend";

/// How a model makes good use of the memory.
extern const std::string_view kInstructions;

struct Tool {
    std::string_view name;
    Task<ToolOutput> (*run)(const ServerContext&, ToolCall);
    std::string_view description;
    std::string_view input_schema;   // JSON, laid out for reading; unless `parameters` says it.
    std::string_view annotations;    // JSON, laid out for reading.
    std::string_view output_schema;  // JSON, laid out for reading.
    bool writes = false;
    DescribedParameters (*parameters)() = nullptr;  // Of the table, if they stand there;
    std::span<const Argument> arguments = {};       // else these.
};

std::span<const Tool> tools();
/// What the tool takes, at least as much as its schema tells.
std::vector<Argument> arguments_of(const Tool& tool);
/// nullptr: no such tool.
const Tool* find_tool(std::string_view name);

/// The member `tools`, with the fields that the revision knows.
void write_tools(encoding::JsonWriter& out, Revision revision);

}  // namespace rag::mcp
