#include "tool_call.hpp"

#include <chrono>

#include "plain_json.hpp"
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

std::string ignored_member(const std::vector<std::string>& ignored) {
    if (ignored.empty()) return {};
    encoding::JsonWriter out;
    out.key("ignored_arguments").begin_array();
    for (const std::string& name : ignored) out.string(name);
    return out.end_array().take();
}

std::string tool_result(
    const ToolOutput& output, const std::vector<std::string>& ignored, Revision revision
) {
    encoding::JsonWriter out;
    const std::string told = ignored_member(ignored);
    if (!output) {
        std::string text = explain(output.error());
        if (!told.empty()) text += "\n" + told;
        write_text_block(out, text);
        out.flag("isError", true);
        return out.take();
    }
    std::string json = without_empty(output->json);
    if (!told.empty()) {
        json.pop_back();
        json.append(json == "{" ? "" : ",").append(told).append("}");
    }
    const std::string& text = output->text;
    write_text_block(out, text.empty() ? json : told.empty() ? text : text + "\n" + told);
    if (has_structured_content(revision)) out.key("structuredContent").raw(json);
    return out.take();
}

}  // namespace rag::mcp
