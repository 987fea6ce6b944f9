#include "prompts.hpp"

#include <array>
#include <span>
#include <utility>

#include "wire/parse.hpp"

namespace rag::mcp {
namespace {

struct PromptArgument {
    std::string_view name;
    std::string_view description;
    bool required;
};

struct Prompt {
    std::string_view name;
    std::string_view title;
    std::string_view description;
    std::array<PromptArgument, 2> arguments;
};

constexpr std::string_view kSearchMemory = "search_memory";
constexpr std::string_view kSummarize = "summarize_conversation";

constexpr std::array<Prompt, 2> kPrompts{{
    {kSearchMemory,
     "Search memory",
     "Answer a question from stored conversations",
     {{{"question", "What you want to know", true},
       {"author_name", "Only what this person said", false}}}},
    {kSummarize,
     "Summarize a conversation",
     "Summarize one stored conversation",
     {{{"conversation_id", "The conversation's id", true},
       {"focus", "What matters most to you", false}}}},
}};

void write_prompt(encoding::JsonWriter& out, const Prompt& prompt, Revision revision) {
    out.begin_object().member("name", prompt.name);
    if (has_structured_content(revision)) out.member("title", prompt.title);
    out.member("description", prompt.description).key("arguments").begin_array();
    for (const PromptArgument& argument : prompt.arguments) {
        out.begin_object().member("name", argument.name);
        out.member("description", argument.description);
        out.flag("required", argument.required).end_object();
    }
    out.end_array().end_object();
}

/// The argument's text; empty: absent or null.
std::string argument_text(const RpcMessage& message, std::string_view name) {
    const encoding::Value* arguments = message.params.find("arguments");
    const encoding::Value* value = arguments == nullptr ? nullptr : arguments->find(name);
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

const Prompt* find_prompt(const RpcMessage& message) {
    const encoding::Value* name = message.params.find("name");
    if (name == nullptr || name->string() == nullptr) return nullptr;
    for (const Prompt& prompt : kPrompts) {
        if (prompt.name == *name->string()) return &prompt;
    }
    return nullptr;
}

/// Closed like the tools' arguments: strings, known names, the required ones there.
Result<void> check_arguments(const Prompt& prompt, const RpcMessage& message) {
    static const encoding::Value kNone{encoding::Object{}};
    const encoding::Value* given = message.params.find("arguments");
    wire::FieldReader fields(given == nullptr || given->is_null() ? kNone : *given, "");
    for (const PromptArgument& argument : prompt.arguments) {
        const std::optional<std::string> text = fields.string(argument.name);
        if (argument.required && (!text || text->empty())) {
            fields.refuse(argument.name, "is missing");
        }
    }
    return fields.finish();
}

void begin_messages(
    encoding::JsonWriter& out, std::string_view description, std::string_view text
) {
    out.member("description", description).key("messages").begin_array();
    out.begin_object().member("role", "user").key("content").begin_object();
    out.member("type", "text").member("text", text).end_object().end_object();
}

std::string search_prompt(const Prompt& prompt, const RpcMessage& message) {
    const std::string author = argument_text(message, "author_name");
    std::string text = "Answer from my stored conversations: " + argument_text(message, "question");
    text +=
        "\n\nCall search_conversations with the question in plain words and context 2; try other "
        "words, or filters, if the hits do not answer it. Read on with get_conversation where a "
        "hit is not enough.";
    if (!author.empty()) text += " Set author_name to \"" + author + "\".";
    text +=
        " Quote what you rely on, with its author and date. If nothing stored answers the "
        "question, say so.";
    encoding::JsonWriter out;
    begin_messages(out, prompt.description, text);
    out.end_array();
    return out.take();
}

}  // namespace

std::string prompts_page(Revision revision) {
    encoding::JsonWriter out;
    out.key("prompts").begin_array();
    for (const Prompt& prompt : kPrompts) write_prompt(out, prompt, revision);
    out.end_array();
    return out.take();
}

std::optional<RpcAnswer> prompt_from_text(const RpcMessage& message) {
    const Prompt* prompt = find_prompt(message);
    if (prompt == nullptr) return refuse(code::kInvalidParams, "name: no such prompt");
    if (Result<void> valid = check_arguments(*prompt, message); !valid) {
        const Error& error = valid.error();
        const std::string field = error.pointer.empty() ? "arguments" : error.pointer.substr(1);
        return refuse(code::kInvalidParams, field + ": " + error.message);
    }
    if (prompt->name == kSearchMemory) return search_prompt(*prompt, message);
    if (!wire::parse_conversation_id(argument_text(message, "conversation_id"))) {
        return refuse(code::kInvalidParams, "conversation_id: must be an id");
    }
    return std::nullopt;
}

SummaryRequest read_summary_request(const RpcMessage& message) {
    return SummaryRequest{
        *wire::parse_conversation_id(argument_text(message, "conversation_id")),
        argument_text(message, "focus")};
}

std::string summary_prompt(
    const SummaryRequest& request, std::string_view title, std::string_view resource
) {
    std::string text =
        "Summarize the conversation below: who took part, what was said and decided, what is open, "
        "with dates. Keep names and numbers exact.";
    if (!request.focus.empty()) text += " What matters most: " + request.focus;
    encoding::JsonWriter out;
    begin_messages(out, "Summary of \"" + std::string(title) + "\"", text);
    out.begin_object().member("role", "user").key("content").begin_object();
    out.member("type", "resource").key("resource").raw(resource).end_object().end_object();
    out.end_array();
    return out.take();
}

}  // namespace rag::mcp
