#include "tool_call.hpp"

#include <chrono>

#include "text_cut.hpp"
#include "wire/fields.hpp"
#include "wire/render.hpp"

namespace rag::mcp {
namespace {

constexpr std::size_t kErrorCharactersMax = 500;

/// What a model reads when a call failed: the argument's name first, then what to do.
std::string explain(const Error& error) {
    std::string text = error.message;
    if (!error.pointer.empty()) text = error.pointer.substr(1) + ": " + text;
    // The name of an unknown field is as long as whoever made it up wanted.
    text = first_characters(text, kErrorCharactersMax);
    switch (error.code) {
        case ErrorCode::unavailable:
        case ErrorCode::overloaded:
        case ErrorCode::timeout:
        case ErrorCode::conflict:
            return text + " Try again in a few seconds.";
        default:
            return text;
    }
}

void write_text_block(encoding::JsonWriter& out, std::string_view text) {
    out.key("content").begin_array().begin_object();
    out.member("type", "text").member("text", text);
    out.end_object().end_array();
}

}  // namespace

Task<ToolOutput> health_check(const ServerContext& server, ToolCall call) {
    wire::FieldReader fields(call.arguments, "");
    if (Result<void> valid = fields.finish(); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    const UseCases& use_cases = server.use_cases;
    const wire::HealthFacts facts{
        server.info.version, use_cases.use_new_architecture, use_cases.clock()};
    co_return wire::render_health(use_cases.health.current(), facts);
}

std::string tool_result(const ToolOutput& output, Revision revision) {
    encoding::JsonWriter out;
    if (!output) {
        write_text_block(out, explain(output.error()));
        out.flag("isError", true);
        return out.take();
    }
    write_text_block(out, *output);
    if (has_structured_content(revision)) out.key("structuredContent").raw(*output);
    return out.take();
}

}  // namespace rag::mcp
