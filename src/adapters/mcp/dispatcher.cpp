#include "dispatcher.hpp"

#include <array>
#include <utility>

#include "application/compute.hpp"
#include "arguments.hpp"
#include "catalog.hpp"
#include "resources.hpp"
#include "wire/elapsed.hpp"

namespace rag::mcp {

Task<RpcAnswer> Dispatcher::run(
    const Method& method, RpcMessage message, Revision revision, Invocation context
) {
    std::optional<RpcAnswer> known = answer_from_catalog(method, message, revision);
    if (known) {
        if (method.id == MethodId::tools_call) log_refused_call(message, context.request);
        co_return std::move(*known);
    }
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
    const auto began = std::chrono::steady_clock::now();
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
    const Trace trace = call.context.trace;
    const ToolOutput output = co_await tool.run(context_, std::move(call));
    log_call({tool.name, output.has_value(), began}, trace);
    const bool unavailable = !output && output.error().code == ErrorCode::unavailable;
    if (unavailable && context.left_undone != nullptr && context_.use_cases.health.is_draining()) {
        *context.left_undone = true;
    }
    co_return tool_result(output, read->ignored, revision);
}

void Dispatcher::log_refused_call(const RpcMessage& message, const CallContext& context) const {
    const encoding::Value* name = message.params.find("name");
    const bool named = name != nullptr && name->string() != nullptr;
    const Tool* tool = named ? find_tool(*name->string()) : nullptr;
    // A name that a client made up may be anything, a text too.
    const std::string_view shown = tool == nullptr ? "{unknown}" : tool->name;
    log_call({shown, false, std::chrono::steady_clock::now()}, context.trace);
}

void Dispatcher::log_call(const CallLine& call, const Trace& trace) const {
    const std::array fields{
        LogField{"tool", call.tool},
        LogField{"status", std::string_view(call.good ? "success" : "error")},
        LogField{"duration_ms", wire::milliseconds_since(call.began)},
    };
    context_.use_cases.telemetry.log(
        LogLevel::info, "app.mcp.call", "Tool call completed", trace.id, fields
    );
}

}  // namespace rag::mcp
