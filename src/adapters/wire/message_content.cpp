#include "message_content.hpp"

#include <algorithm>
#include <array>

namespace rag::wire {

using encoding::Object;
using encoding::Value;

namespace {

std::string json_or_text(const Value* value) {
    if (value == nullptr) return {};
    const std::string* text = value->string();
    return text != nullptr ? *text : value->to_json();
}

/// What kind of part it is: where no `type` says so (Gemini), the name of what it holds.
std::string kind_of(const Value& part) {
    for (const std::string_view name : {"type", "content_type"}) {
        const Value* type = part.find(name);
        if (type != nullptr && type->string() != nullptr) return *type->string();
    }
    const Object* object = part.object();
    if (object == nullptr || object->members.empty()) return "part";
    return object->members.front().name;
}

/// What a part says of itself: "content" of a tool's result, "output" of a call, "summary" of
/// reasoning, "functionResponse".
std::string said_in(const Value& part) {
    for (const std::string_view name : {"content", "output", "summary", "functionResponse"}) {
        const Value* said = part.find(name);
        if (said == nullptr || said->is_null()) continue;
        return said->array() != nullptr ? text_of_parts(*said->array()) : json_or_text(said);
    }
    return {};
}

void add_calls(std::string& text, const Value* calls) {
    if (calls == nullptr) return;
    const auto add = [&text](const Value& call) {
        if (!call.is_object()) return;
        if (!text.empty()) text += '\n';
        text += text_of_call(call);
    };
    if (calls->array() == nullptr) return add(*calls);
    for (const Value& call : *calls->array()) add(call);
}

struct CallType {
    std::string_view type;
    std::string_view author;
};

constexpr std::array kCallTypes{
    CallType{"function_call", "assistant"},
    CallType{"custom_tool_call", "assistant"},
    CallType{"function_call_output", "tool"},
    CallType{"custom_tool_call_output", "tool"},
};

}  // namespace

std::string text_of_part(const Value& part) {
    if (const std::string* text = part.string()) return *text;
    for (const std::string_view name : {"text", "parts"}) {
        const Value* said = part.find(name);
        if (said == nullptr) continue;
        if (said->string() != nullptr) return *said->string();
        if (said->array() != nullptr) return text_of_parts(*said->array());
    }
    const std::string said = said_in(part);
    return "[" + kind_of(part) + "]" + (said.empty() ? "" : " " + said);
}

std::string text_of_parts(const Value::Array& parts) {
    std::string text;
    for (const Value& part : parts) {
        const std::string said = text_of_part(part);
        if (!text.empty() && !said.empty()) text += "\n\n";
        text += said;
    }
    return text;
}

std::string text_of_call(const Value& call) {
    const Value* function = call.find("function");
    const Value& named = function != nullptr && function->is_object() ? *function : call;
    const auto first_of = [&named](auto... names) -> const Value* {
        for (const std::string_view name : {std::string_view(names)...}) {
            if (const Value* value = named.find(name)) return value;
        }
        return nullptr;
    };
    return "[tool call " + json_or_text(first_of("name", "toolName", "tool_name")) + "] " +
           json_or_text(first_of("arguments", "args", "input"));
}

std::string text_of_calls(const SentFields& message) {
    std::string text;
    for (const std::string_view name : {"tool_calls", "function_call", "tool_invocations"}) {
        add_calls(text, message.find_further(name));
    }
    if (!text.empty()) return text;
    if (const Value* more = message.find_further("additional_kwargs")) {  // LangChain.
        add_calls(text, more->find("tool_calls"));
        add_calls(text, more->find("function_call"));
    }
    return text;
}

bool is_call_type(std::string_view type) { return !author_of_call_type(type).empty(); }

std::string_view author_of_call_type(std::string_view type) {
    const auto known = std::ranges::find(kCallTypes, type, &CallType::type);
    return known == kCallTypes.end() ? std::string_view() : known->author;
}

}  // namespace rag::wire
