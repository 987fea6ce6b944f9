#include "parameter_options.hpp"

#include <CLI/CLI.hpp>

#include "encoding/json.hpp"
#include "encoding/url.hpp"

namespace rag::cli {
namespace {

/// "1 to 100", "from 1"; empty: any.
std::string bounds_text(const Parameter& parameter) {
    if (parameter.largest != kUnbounded) {
        return std::to_string(parameter.smallest) + " to " + std::to_string(parameter.largest);
    }
    return parameter.smallest == 0 ? std::string() : "from " + std::to_string(parameter.smallest);
}

std::string default_text(const DescribedParameter& described) {
    const std::string_view key = described.parameter->default_from;
    if (!key.empty()) return std::string(key);
    const auto* number = std::get_if<std::int64_t>(&described.fallback);
    if (number != nullptr && *number != 0) return std::to_string(*number);
    const auto* text = std::get_if<std::string>(&described.fallback);
    return text == nullptr ? std::string() : *text;
}

/// "Results wanted, 1 to 100. Default: VECTOR_SEARCH_TOP_K."
std::string help_of(const DescribedParameter& described) {
    const Parameter& parameter = *described.parameter;
    std::string text(parameter.help);
    if (parameter.type == ParameterType::integer || parameter.type == ParameterType::number) {
        const std::string bounds = bounds_text(parameter);
        if (!bounds.empty()) text += ", " + bounds;
    }
    const std::string fallback = default_text(described);
    if (!fallback.empty() && !parameter.required) text += ". Default: " + fallback + ".";
    return text;
}

/// What stands for the value in the help.
std::string value_name(const Parameter& parameter) {
    switch (parameter.type) {
        case ParameterType::integer:
            return "N";
        case ParameterType::number:
            return "X";
        case ParameterType::id:
            return "ID";
        case ParameterType::first_day:
        case ParameterType::last_day:
            return "DATE";
        case ParameterType::choice: {
            std::string names;
            for (const std::string_view choice : parameter.choices) {
                names += (names.empty() ? "" : "|") + std::string(choice);
            }
            return names;
        }
        default:
            return "TEXT";
    }
}

/// The words of a command that belong to no option, joined by spaces.
CLI::Option* add_words(
    CLI::App& command, const DescribedParameter& described, GivenParameters& given
) {
    const Parameter* parameter = described.parameter;
    const auto take = [parameter, &given](const std::vector<std::string>& words) {
        std::string text;
        for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
        given.push_back({parameter, std::move(text)});
    };
    return command
        .add_option_function<std::vector<std::string>>(
            std::string(parameter->names.command), take, help_of(described)
        )
        ->type_name("")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

template <class T, class Text>
CLI::Option* add_value(
    CLI::App& command, const DescribedParameter& described, GivenParameters& given, Text text_of
) {
    const Parameter* parameter = described.parameter;
    const auto take = [parameter, &given, text_of](const T& value) {
        given.push_back({parameter, text_of(value)});
    };
    return command
        .add_option_function<T>(std::string(parameter->names.command), take, help_of(described))
        ->type_name(value_name(*parameter));
}

CLI::Option* add_parameter(
    CLI::App& command, const DescribedParameter& described, GivenParameters& given
) {
    const Parameter* parameter = described.parameter;
    if (!parameter->names.command.starts_with("--")) return add_words(command, described, given);
    switch (parameter->type) {
        case ParameterType::integer:
            return add_value<std::int64_t>(command, described, given, [](std::int64_t number) {
                return std::to_string(number);
            });
        case ParameterType::number:
            return add_value<double>(command, described, given, [](double number) {
                encoding::JsonWriter out;
                out.real(number);
                return out.take();
            });
        case ParameterType::flag: {
            const auto take = [parameter, &given] { given.push_back({parameter, "true"}); };
            return command.add_flag_callback(
                std::string(parameter->names.command), take, help_of(described)
            );
        }
        default:
            return add_value<std::string>(command, described, given, [](const std::string& text) {
                return text;
            });
    }
}

void write_value(encoding::JsonWriter& out, const GivenParameter& given) {
    switch (given.parameter->type) {
        case ParameterType::integer:
        case ParameterType::number:
        case ParameterType::flag:
            out.raw(given.text);
            break;
        default:
            out.string(given.text);
    }
}

}  // namespace

void add_parameters(
    CLI::App& command, const DescribedParameters& parameters, GivenParameters& given
) {
    for (const DescribedParameter& described : parameters) {
        CLI::Option* option = add_parameter(command, described, given);
        if (described.parameter->required) option->required();
    }
}

std::string query_string(const GivenParameters& given) {
    std::string text;
    for (const GivenParameter& each : given) {
        text += text.empty() ? '?' : '&';
        text += each.parameter->names.query;
        text += '=' + encoding::percent_encode(each.text);
    }
    return text;
}

std::string json_body(const GivenParameters& given) {
    encoding::JsonWriter out;
    std::string_view open;  // The group that the last one stood in.
    out.begin_object();
    for (const GivenParameter& each : given) {
        const std::string_view name = each.parameter->names.body;
        const std::size_t dot = name.find('.');
        const std::string_view group = dot == std::string_view::npos ? "" : name.substr(0, dot);
        if (group != open && !open.empty()) out.end_object();
        if (group != open && !group.empty()) out.key(group).begin_object();
        open = group;
        out.key(name.substr(group.empty() ? 0 : dot + 1));
        write_value(out, each);
    }
    if (!open.empty()) out.end_object();
    return out.end_object().take();
}

}  // namespace rag::cli
