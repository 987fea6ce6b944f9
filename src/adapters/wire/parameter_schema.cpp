#include "wire/parameter_schema.hpp"

#include <algorithm>

namespace rag::wire {

using encoding::JsonWriter;

namespace {

std::string_view json_type(ParameterType type) {
    switch (type) {
        case ParameterType::integer:
            return "integer";
        case ParameterType::number:
            return "number";
        case ParameterType::flag:
            return "boolean";
        default:
            return "string";
    }
}

/// Whether null is taken for "not given", which only a body spells out.
bool is_nullable(Door door, const DescribedParameter& described) {
    return door == Door::body && std::holds_alternative<std::monostate>(described.fallback);
}

void write_type(JsonWriter& out, Door door, const DescribedParameter& described) {
    const ParameterType type = described.parameter->type;
    // In a query string all is text; a tool's field has one type, for not every provider takes two.
    const bool number_too = type == ParameterType::id && door == Door::body;
    const bool nullable = is_nullable(door, described);
    out.key("type");
    if (!number_too && !nullable) {
        out.string(json_type(type));
        return;
    }
    out.begin_array().string(json_type(type));
    if (number_too) out.string("integer");
    if (nullable) out.string("null");
    out.end_array();
}

void write_bounds(JsonWriter& out, Door door, const Parameter& parameter) {
    const bool number =
        parameter.type == ParameterType::integer || parameter.type == ParameterType::number;
    if (number && door != Door::tool) {
        out.member("minimum", parameter.smallest);
        if (parameter.largest != kUnbounded) out.member("maximum", parameter.largest);
    }
    if (!parameter.choices.empty()) {
        out.key("enum").begin_array();
        for (const std::string_view choice : parameter.choices) out.string(choice);
        out.end_array();
    }
    if (door == Door::tool) return;  // A model is told of text that is too long when it sends it.
    if (parameter.type != ParameterType::text) return;
    if (parameter.required) out.member("minLength", std::int64_t{1});
    if (parameter.characters_max > 0) {
        out.member("maxLength", static_cast<std::int64_t>(parameter.characters_max));
    }
}

void write_default(JsonWriter& out, const DescribedParameter& described) {
    if (described.parameter->required) return;
    const ParameterValue& fallback = described.fallback;
    if (const bool* flag = std::get_if<bool>(&fallback)) out.flag("default", *flag);
    if (const auto* number = std::get_if<std::int64_t>(&fallback)) out.member("default", *number);
    if (const auto* number = std::get_if<double>(&fallback)) out.key("default").real(*number);
    if (const auto* text = std::get_if<std::string>(&fallback)) {
        out.member("default", std::string_view(*text));
    }
}

std::string text_of(const ParameterValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return {};
}

/// Bounds and default in words: as keywords of the schema, some providers refuse them.
std::string told_to_models(const DescribedParameter& described) {
    const Parameter& parameter = *described.parameter;
    std::string text(parameter.told_to_models ? parameter.help : "");
    const auto add = [&text](std::string_view part) {
        if (!text.empty()) text += "; ";
        text += part;
    };
    if (parameter.type == ParameterType::integer && parameter.largest != kUnbounded) {
        add(std::to_string(parameter.smallest) + " to " + std::to_string(parameter.largest));
    }
    const std::string fallback = parameter.required ? "" : text_of(described.fallback);
    // The first choice is the default everywhere, and nothing is left out by itself.
    const bool plain = !parameter.choices.empty() || fallback == "0";
    if (!fallback.empty() && !plain) add("default " + fallback);
    return text;
}

void write_property(
    JsonWriter& out, Door door, std::string_view name, const DescribedParameter& described
) {
    const Parameter& parameter = *described.parameter;
    out.key(name).begin_object();
    write_type(out, door, described);
    write_bounds(out, door, parameter);
    if (door == Door::tool) {
        const std::string told = told_to_models(described);
        if (!told.empty()) out.member("description", std::string_view(told));
    } else {
        write_default(out, described);
        out.member("description", parameter.help);
    }
    out.end_object();
}

/// "filters" of "filters.author_name"; "" of what stands at the top.
std::string_view group_of(std::string_view name) {
    const std::size_t dot = name.find('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

/// The properties of one group; at the top also the groups, where their first parameter stands.
void write_properties(
    JsonWriter& out, Door door, std::string_view group, const DescribedParameters& parameters
) {
    std::vector<std::string_view> groups_written;
    out.key("properties").begin_object();
    for (const DescribedParameter& described : parameters) {
        const std::string_view name = described.parameter->names.at(door);
        const std::string_view its_group = group_of(name);
        if (its_group == group) {
            write_property(out, door, name.substr(group.empty() ? 0 : group.size() + 1), described);
            continue;
        }
        if (!group.empty() || std::ranges::count(groups_written, its_group) > 0) continue;
        groups_written.push_back(its_group);
        out.key(its_group).begin_object().member("type", std::string_view("object"));
        write_properties(out, door, its_group, parameters);
        out.flag("additionalProperties", false).end_object();
    }
    out.end_object();
}

}  // namespace

void write_value_schema(JsonWriter& out, Door door, const DescribedParameter& described) {
    out.begin_object();
    write_type(out, door, described);
    write_bounds(out, door, *described.parameter);
    write_default(out, described);
    out.end_object();
}

void write_object_schema(JsonWriter& out, Door door, const DescribedParameters& parameters) {
    write_properties(out, door, {}, parameters);
    const bool any_required = std::ranges::any_of(parameters, [](const auto& described) {
        return described.parameter->required;
    });
    if (any_required) {
        out.key("required").begin_array();
        for (const DescribedParameter& described : parameters) {
            if (described.parameter->required) out.string(described.parameter->names.at(door));
        }
        out.end_array();
    }
    out.flag("additionalProperties", false);
}

}  // namespace rag::wire
