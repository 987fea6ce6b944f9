#include "dispatcher.hpp"

#include <utility>

#include "application/compute.hpp"
#include "arguments.hpp"
#include "catalog.hpp"
#include "resources.hpp"

namespace rag::mcp {

Task<RpcAnswer> Dispatcher::run(
    const Method& method, RpcMessage message, Revision revision, Invocation context
) {
    std::optional<RpcAnswer> known = answer_from_catalog(method, message, revision);
    if (known) co_return std::move(*known);
    switch (method.id) {
        case MethodId::tools_call:
            co_return co_await call_tool(std::move(message), revision, std::move(context));
        case MethodId::resources_list:
            co_return co_await list_resources(
                context_, std::move(message), revision, std::move(context.request)
            );
        case MethodId::resources_read:
            co_return co_await read_resource(
                context_, std::move(message), revision, std::move(context.request)
            );
        case MethodId::prompts_get:
            co_return co_await summarize_prompt(
                context_, std::move(message), std::move(context.request)
            );
        default:
            co_return refuse(code::kInternalError, "The method is listed and not there.");
    }
}

Task<RpcAnswer> Dispatcher::call_tool(RpcMessage message, Revision revision, Invocation context) {
    // The catalog has refused what is no call.
    const Tool& tool = *find_tool(*message.params.find("name")->string());
    const encoding::Value* given = message.params.find("arguments");
    const bool absent = given == nullptr || given->is_null();
    auto tidy = [&tool, given = absent ? encoding::Value(encoding::Object{}) : *given] {
        return tidy_arguments(arguments_of(tool), given);
    };
    Result<TidyArguments> read = co_await compute(
        context_.work_pool, context.request, to_parse(context.body_bytes), std::move(tidy)
    );
    if (!read) {
        const ToolOutput refused = tl::unexpected<Error>(std::move(read.error()));
        co_return tool_result(refused, {}, revision);
    }
    const ResultBudget budget(
        context_.use_cases.token_counter, revision, ResultBudget::kDefaultTokens
    );
    ToolCall call{
        std::move(read->arguments),
        context.body_bytes,
        budget.without(ignored_member(read->ignored)),
        std::move(context.write_keys),
        std::move(context.request)};
    const ToolOutput output = co_await tool.run(context_, std::move(call));
    const bool unavailable = !output && output.error().code == ErrorCode::unavailable;
    if (unavailable && context.left_undone != nullptr && context_.use_cases.health.is_draining()) {
        *context.left_undone = true;
    }
    co_return tool_result(output, read->ignored, revision);
}

}  // namespace rag::mcp
