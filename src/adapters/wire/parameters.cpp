#include "wire/parameters.hpp"

#include <algorithm>

namespace rag::wire {
namespace {

FieldReader::Form form_of(Door door) {
    return door == Door::query ? FieldReader::Form::query : FieldReader::Form::json;
}

/// "hybrid, dense or lexical"
std::string alternatives(std::span<const std::string_view> choices) {
    std::string text;
    for (std::size_t at = 0; at < choices.size(); ++at) {
        if (at > 0) text += at + 1 == choices.size() ? " or " : ", ";
        text += choices[at];
    }
    return text;
}

/// A model mends its call better if it is told what is wanted.
std::string missing_text(Door door, const Parameter& parameter) {
    if (door != Door::tool) return "is required";
    std::string help(parameter.help);
    if (!help.empty() && help[0] >= 'A' && help[0] <= 'Z') {
        help[0] = static_cast<char>(help[0] - 'A' + 'a');
    }
    return "is missing: " + help;
}

template <class T, class Convert>
std::optional<ParameterValue> converted(const std::optional<T>& value, Convert convert) {
    if (!value) return std::nullopt;
    return ParameterValue(convert(*value));
}

template <class T>
std::optional<ParameterValue> plain(std::optional<T> value) {
    if (!value) return std::nullopt;
    return ParameterValue(std::move(*value));
}

/// A bare date stays one until the request's zone is known.
ParameterValue value_of_bound(const std::variant<Day, Timestamp>& bound) {
    if (const Day* day = std::get_if<Day>(&bound)) return format_day(*day);
    return std::get<Timestamp>(bound).ms;
}

bool is_empty(const encoding::Value* value) {
    return value != nullptr && value->string() != nullptr && value->string()->empty();
}

std::optional<ParameterValue> read_choice(
    FieldReader& fields, std::string_view name, const Parameter& parameter
) {
    std::optional<std::string> text = fields.string(name);
    if (!text) return std::nullopt;
    if (std::ranges::find(parameter.choices, *text) == parameter.choices.end()) {
        fields.refuse(name, "must be " + alternatives(parameter.choices));
        return std::nullopt;
    }
    return ParameterValue(std::move(*text));
}

}  // namespace

ParameterReader::ParameterReader(const encoding::Value& object, Door door)
    : door_(door), fields_(object, {}, form_of(door)) {}

FieldReader* ParameterReader::fields_of(std::string_view group) {
    auto known = std::ranges::find(groups_, group, &Group::name);
    if (known == groups_.end()) {
        Group& added = groups_.emplace_back();
        added.name = group;
        if (const encoding::Value* object = fields_.object(group)) {
            added.fields.emplace(*object, fields_.pointer_of(group));
        }
        known = std::prev(groups_.end());
    }
    return known->fields ? &*known->fields : nullptr;
}

std::optional<ParameterValue> ParameterReader::read(const Parameter& parameter) {
    const Place first = place_of(parameter.names.at(door_));
    const Place other = place_of(parameter.other_names.at(door_));
    if (other.fields != nullptr && other.fields->any(other.name) != nullptr) {
        if (first.fields == nullptr || first.fields->any(first.name) == nullptr) {
            return read_value(*other.fields, other.name, parameter);
        }
        const std::string name(parameter.names.at(door_));
        fields_.refuse(other.name, "is another name of " + name + "; send one of them");
        return std::nullopt;
    }
    if (first.fields == nullptr) return std::nullopt;
    return read_value(*first.fields, first.name, parameter);
}

ParameterReader::Place ParameterReader::place_of(std::string_view name) {
    if (name.empty()) return {};
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return {&fields_, name};
    return {fields_of(name.substr(0, dot)), name.substr(dot + 1)};
}

std::optional<ParameterValue> ParameterReader::read_value(
    FieldReader& fields, std::string_view name, const Parameter& parameter
) {
    std::optional<ParameterValue> value;
    if (parameter.is_filter && is_empty(fields.any(name))) return std::nullopt;
    switch (parameter.type) {
        case ParameterType::text:
            value = plain(fields.string(name));
            break;
        case ParameterType::integer:
            value = plain(fields.integer(name, parameter.smallest, parameter.largest));
            break;
        case ParameterType::number:
            value = plain(fields.real(name));
            break;
        case ParameterType::flag:
            value = plain(fields.boolean(name));
            break;
        case ParameterType::id:
            value =
                converted(fields.conversation_id(name), [](ConversationId id) { return id.value; });
            break;
        case ParameterType::first_day:
        case ParameterType::last_day:
            value = converted(fields.day_or_time(name), value_of_bound);
            break;
        case ParameterType::choice:
            value = read_choice(fields, name, parameter);
            break;
    }
    // If it is there and wrong, that has been said already.
    if (!value && parameter.required) fields.refuse(name, missing_text(door_, parameter));
    return value;
}

Result<void> ParameterReader::finish() {
    for (Group& group : groups_) {
        if (!group.fields) continue;
        if (Result<void> done = group.fields->finish(); !done) {
            fields_.refuse(std::move(done.error()));
        }
    }
    return fields_.finish();
}

}  // namespace rag::wire
