#include "dispatcher.hpp"

#include <array>
#include <utility>

#include "application/compute.hpp"
#include "arguments.hpp"
#include "catalog.hpp"
#include "resources.hpp"
#include "wire/elapsed.hpp"

namespace rag::mcp {

namespace {

constexpr std::string_view kArguments = "/params/arguments";

/// Whether the caller wants U+FFFD in place of what no text can hold.
bool wants_replacement(const encoding::Value& arguments) {
    const encoding::Value* data = arguments.find("conversation_data");
    for (const encoding::Value* place : {&arguments, data}) {
        const encoding::Value* wish = place == nullptr ? nullptr : place->find("on_invalid");
        const bool said = wish != nullptr && wish->string() != nullptr;
        if (said && *wish->string() == name_of(OnInvalid::replace)) return true;
    }
    return false;
}

/// A pointer into the message as one into the arguments.
void move_to_arguments(std::string& pointer) {
    if (pointer.starts_with(kArguments)) pointer.erase(0, kArguments.size());
}

}  // namespace

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
    if (message.invalid && (absent || !wants_replacement(*given))) {
        Error why = std::move(message.invalid->why);
        move_to_arguments(why.pointer);
        const ToolOutput refused = tl::unexpected<Error>(std::move(why));
        log_call({tool.name, false, began}, context.request.trace);
        co_return tool_result(refused, {}, revision);
    }
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
    if (message.invalid) call.replaced = std::move(message.invalid->replaced);
    for (encoding::Replacement& one : call.replaced) move_to_arguments(one.pointer);
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
