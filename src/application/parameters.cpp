#include "application/parameters.hpp"

#include "domain/conversation.hpp"
#include "domain/number_text.hpp"

namespace rag {
namespace {

tl::unexpected<Error> invalid(const Parameter& parameter, std::string message) {
    return fail(
        ErrorCode::invalid_argument, std::move(message), "/" + std::string(parameter.core_name())
    );
}

std::string bounds_text(const Parameter& parameter) {
    if (parameter.largest != kUnbounded) {
        return " must be between " + std::to_string(parameter.smallest) + " and " +
               std::to_string(parameter.largest) + ".";
    }
    if (parameter.smallest == 0) return " must not be negative.";
    return " must be at least " + std::to_string(parameter.smallest) + ".";
}

bool is_within(const Parameter& parameter, std::int64_t number) {
    return number >= parameter.smallest && number <= parameter.largest;
}

bool is_within(const Parameter& parameter, double number) {
    // Written so that a NaN is refused too.
    return number >= static_cast<double>(parameter.smallest) &&
           number <= static_cast<double>(parameter.largest);
}

Result<void> check_text(const Parameter& parameter, std::string_view text) {
    const std::string name(parameter.core_name());
    if (parameter.required && is_blank(text))
        return invalid(parameter, "The " + name + " is empty.");
    if (parameter.characters_max > 0 && count_characters(text) > parameter.characters_max) {
        return invalid(
            parameter,
            "The " + name + " has more than " + with_commas(parameter.characters_max) +
                " characters."
        );
    }
    return {};
}

}  // namespace

std::string_view DoorNames::at(Door door) const {
    switch (door) {
        case Door::query:
            return query;
        case Door::body:
            return body;
        case Door::tool:
            return tool;
        case Door::command:
            return command;
    }
    return {};
}

std::string_view Parameter::core_name() const {
    if (!names.body.empty()) return names.body.substr(names.body.rfind('.') + 1);
    return names.query.empty() ? names.tool : names.query;
}

Result<void> check_bounds(const Parameter& parameter, const ParameterValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return check_text(parameter, *text);

    bool within = true;
    if (parameter.type == ParameterType::integer && std::holds_alternative<std::int64_t>(value)) {
        within = is_within(parameter, std::get<std::int64_t>(value));
    }
    if (parameter.type == ParameterType::number && std::holds_alternative<double>(value)) {
        within = is_within(parameter, std::get<double>(value));
    }
    if (within) return {};
    return invalid(parameter, std::string(parameter.core_name()) + bounds_text(parameter));
}

std::string pointer_at(Door door, const Parameter& parameter) {
    std::string pointer = "/" + std::string(parameter.names.at(door));
    for (char& character : pointer) {
        if (character == '.') character = '/';
    }
    return pointer;
}

}  // namespace rag
