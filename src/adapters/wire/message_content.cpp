#include "message_content.hpp"

namespace rag::wire {
namespace {

using encoding::Value;

std::string text_of(const Value* value) {
    if (value == nullptr) return {};
    const std::string* text = value->string();
    return text != nullptr ? *text : value->to_json();
}

std::string parts_text(const Value::Array& parts);

std::string part_text(const Value& part) {
    if (const std::string* text = part.string()) return *text;
    const Value* type = part.find("type");
    const Value* text = part.find("text");
    if (text != nullptr && text->string() != nullptr) return *text->string();
    std::string out = '[' + (type != nullptr ? text_of(type) : std::string("part")) + ']';
    const Value* content = part.find("content");  // Of a tool_result.
    if (content == nullptr) return out;
    const Value::Array* inner = content->array();
    const std::string said = inner != nullptr ? parts_text(*inner) : text_of(content);
    return said.empty() ? out : out + ' ' + said;
}

std::string parts_text(const Value::Array& parts) {
    std::string text;
    for (const Value& part : parts) {
        const std::string said = part_text(part);
        if (!text.empty() && !said.empty()) text += "\n\n";
        text += said;
    }
    return text;
}

std::string call_text(const Value& call) {
    const Value* function = call.find("function");
    const Value& named = function != nullptr && function->is_object() ? *function : call;
    const Value* arguments = named.find("arguments");
    if (arguments == nullptr) arguments = named.find("args");
    return "[tool call " + text_of(named.find("name")) + "] " + text_of(arguments);
}

std::string calls_text(const Value& message) {
    std::string text;
    const Value* calls = message.find("tool_calls");
    if (calls != nullptr && calls->array() != nullptr) {
        for (const Value& call : *calls->array())
            text += (text.empty() ? "" : "\n") + call_text(call);
    }
    const Value* call = message.find("function_call");
    if (call != nullptr && call->is_object()) text += (text.empty() ? "" : "\n") + call_text(*call);
    return text;
}

}  // namespace

Result<Content> read_content(const Value& message, const Value* sent, const std::string& pointer) {
    Content content;
    if (sent != nullptr && sent->string() != nullptr) {
        content.text = *sent->string();
    } else if (sent != nullptr && sent->array() != nullptr) {
        content.text = parts_text(*sent->array());
        content.kept.push_back({"content_parts", *sent});
    } else if (sent != nullptr) {
        return fail(ErrorCode::invalid_argument, "must be a string or an array of parts", pointer);
    }
    if (content.text.empty()) content.text = calls_text(message);
    const Value* null = message.find("content");
    if (sent == nullptr && content.text.empty() && (null == nullptr || !null->is_null())) {
        return fail(ErrorCode::invalid_argument, "is required", pointer);
    }
    return content;
}

}  // namespace rag::wire
