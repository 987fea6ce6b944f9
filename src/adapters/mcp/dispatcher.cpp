#include "dispatcher.hpp"

#include <utility>

#include "resources.hpp"
#include "tool_call.hpp"

namespace rag::mcp {
namespace {

Task<ToolOutput> run_tool(
    ToolId tool, const UseCases& use_cases, ToolCall call, std::string_view version
) {
    switch (tool) {
        case ToolId::search_conversations:
            co_return co_await search_conversations(use_cases, std::move(call));
        case ToolId::ingest_conversation:
            co_return co_await ingest_conversation(use_cases, std::move(call));
        case ToolId::get_conversations:
            co_return co_await get_conversations(use_cases, std::move(call));
        case ToolId::get_conversation:
            co_return co_await get_conversation(use_cases, std::move(call));
        case ToolId::delete_conversation:
            co_return co_await delete_conversation(use_cases, std::move(call));
        case ToolId::search:
            co_return co_await search(use_cases, std::move(call));
        case ToolId::fetch:
            co_return co_await fetch(use_cases, std::move(call));
        case ToolId::health_check:
            co_return health_check(use_cases, call, version);
    }
    co_return fail(ErrorCode::internal, "The tool is listed and not there.");
}

}  // namespace

Task<Answer> Dispatcher::run(
    const Method& method, Message message, Revision revision, CallContext context
) {
    std::optional<Answer> known = answer_from_catalog(method, message, revision);
    if (known) co_return std::move(*known);
    switch (method.id) {
        case MethodId::tools_call:
            co_return co_await call_tool(std::move(message), revision, std::move(context));
        case MethodId::resources_list:
            co_return co_await list_resources(
                use_cases_, std::move(message), revision, std::move(context.request)
            );
        case MethodId::resources_read:
            co_return co_await read_resource(
                use_cases_, std::move(message), revision, std::move(context.request)
            );
        case MethodId::prompts_get:
            co_return co_await summarize_prompt(
                use_cases_, std::move(message), std::move(context.request)
            );
        default:
            co_return refuse(code::kInternalError, "The method is listed and not there.");
    }
}

Task<Answer> Dispatcher::call_tool(Message message, Revision revision, CallContext context) {
    // The catalog has refused what is no call.
    const Tool& tool = *find_tool(*message.params.find("name")->string());
    const wire::Value* given = message.params.find("arguments");
    const bool absent = given == nullptr || given->is_null();
    ToolCall call{
        absent ? wire::Value(wire::Object{}) : *given,
        ResultBudget(use_cases_.token_counter, revision, ResultBudget::kDefaultTokens),
        std::move(context.write_keys),
        std::move(context.request)};
    ToolOutput output = co_await run_tool(tool.id, use_cases_, std::move(call), server_.version);
    co_return tool_result(output, revision);
}

}  // namespace rag::mcp
