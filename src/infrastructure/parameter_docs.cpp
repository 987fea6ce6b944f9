#include "application/get_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/parameters.hpp"
#include "application/search_conversations.hpp"
#include "domain/number_text.hpp"
#include "infrastructure/generated_docs.hpp"

namespace rag {
namespace {

std::string code(std::string_view text) {
    return text.empty() ? std::string() : "`" + std::string(text) + "`";
}

std::string number_text(std::string_view type, const Parameter& parameter) {
    std::string text(type);
    if (parameter.largest != kUnbounded) {
        return text + ", " + std::to_string(parameter.smallest) + " to " +
               std::to_string(parameter.largest);
    }
    return text + " from " + std::to_string(parameter.smallest);
}

std::string choices_text(const Parameter& parameter) {
    std::string text;
    for (const std::string_view choice : parameter.choices) {
        text += (text.empty() ? "" : ", ") + code(choice);
    }
    return text;
}

/// "integer, 1 to 100"
std::string value_text(const Parameter& parameter) {
    switch (parameter.type) {
        case ParameterType::text:
            if (parameter.characters_max == 0) return "text";
            return "text of at most " + with_commas(parameter.characters_max) + " characters";
        case ParameterType::integer:
            return number_text("integer", parameter);
        case ParameterType::number:
            return number_text("number", parameter);
        case ParameterType::flag:
            return "`true`, `false`";
        case ParameterType::id:
            return "id";
        case ParameterType::first_day:
        case ParameterType::last_day:
            return "date or time";
        case ParameterType::choice:
            return choices_text(parameter);
    }
    return {};
}

std::string default_text(const DescribedParameter& described, bool of_configuration) {
    const Parameter& parameter = *described.parameter;
    if (parameter.required) return "required";
    std::string text;
    if (const bool* flag = std::get_if<bool>(&described.fallback)) text = *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&described.fallback)) {
        text = with_commas(static_cast<std::uint64_t>(*number));
    }
    if (const auto* name = std::get_if<std::string>(&described.fallback)) text = code(*name);
    if (of_configuration && !parameter.default_from.empty()) {
        return code(parameter.default_from) + (text.empty() ? "" : " (" + text + ")");
    }
    return text;
}

void add_cells(std::string& out, const DescribedParameter& described, bool of_configuration) {
    out += " | " + value_text(*described.parameter) + " | " +
           default_text(described, of_configuration) + " | " +
           std::string(described.parameter->help) + " |\n";
}

std::string query_table(std::string_view title, const DescribedParameters& parameters) {
    std::string out = "**" + std::string(title) + "**\n\n";
    bool has_body = false;
    for (const DescribedParameter& described : parameters) {
        has_body = has_body || !described.parameter->names.body.empty();
    }
    out += has_body ? "| query string | body | value | default | |\n|---|---|---|---|---|\n"
                    : "| query string | value | default | |\n|---|---|---|---|\n";
    for (const DescribedParameter& described : parameters) {
        out += "| " + code(described.parameter->names.query);
        if (has_body) out += " | " + code(described.parameter->names.body);
        add_cells(out, described, true);
    }
    return out + "\n";
}

void add_tool(std::string& out, std::string_view tool, const DescribedParameters& parameters) {
    for (const DescribedParameter& described : parameters) {
        out += "| " + code(tool) + " | " + code(described.parameter->names.tool);
        add_cells(out, described, false);
        tool = {};
    }
}

}  // namespace

std::string parameters_markdown() {
    return query_table(
               "`GET /search` and `POST /search`", described(Door::query, SearchRequest())
           ) +
           query_table("`GET /conversations`", described(Door::query, ListRequest())) +
           query_table(
               "`GET /conversations/{id}/messages`", described(Door::query, MessagesRequest())
           );
}

std::string arguments_markdown() {
    std::string out = "| tool | argument | value | default | |\n|---|---|---|---|---|\n";
    add_tool(out, "search_conversations", described(Door::tool, search_of_tools()));
    add_tool(out, "get_conversations", described(Door::tool, ListRequest()));
    add_tool(out, "get_conversation", described(Door::tool, MessagesRequest()));
    return out + "\n";
}

}  // namespace rag
