#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "application/parameter_access.hpp"
#include "domain/error.hpp"

/// What requests can say. The rows stand in src/application/parameter_table.cpp; from them come the
/// parsing of query strings, bodies and tools' arguments, /openapi.json, the tools' schemas, the
/// options of the commands, the bounds that use cases check, the digest in a cursor and the tables
/// of docs/.
namespace rag {

struct IngestRequest;
struct AppendRequest;
struct SearchRequest;
struct ListRequest;
struct MessagesRequest;

/// Where requests come in. Each door has its own name for a parameter.
enum class Door : std::uint8_t { query, body, tool, command };

/// A parameter's name at each door; "" where that door does not have it.
struct DoorNames {
    std::string_view query = {};  // Of a query string: "top_k".
    std::string_view body = {};   // Where it stands in a body: "top_k", "filters.author_name".
    std::string_view tool = {};   // Argument of a tool for assistants: "top_k".
    std::string_view command =
        {};  // Option of a command: "--top-k"; "QUERY": the words without one.

    std::string_view at(Door door) const;
};

enum class ParameterType : std::uint8_t {
    text,
    integer,
    number,
    flag,
    id,
    first_day,  // A date or a time; a date means the beginning of that day in the request's zone.
    last_day,   // Alike, the end of that day.
    choice
};

inline constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();

struct Parameter {
    DoorNames names;
    ParameterType type = ParameterType::text;
    std::int64_t smallest = 0;          // Of integers and numbers.
    std::int64_t largest = kUnbounded;  // Alike.
    std::size_t characters_max = 0;     // Of a text; 0: none.
    std::span<const std::string_view> choices = {};
    DoorNames other_names = {};          // Taken as well, and not told; `tool` has its own rules.
    bool is_filter = false;              // Empty, it is absent.
    std::string_view help = {};          // One line, without a full stop.
    std::string_view default_from = {};  // The configuration key that sets the default.
    bool required = false;               // A required text must not be blank either.
    bool names_page = false;             // A cursor: no part of what a cursor is made for.
    bool told_to_models = false;  // Whether a tool's schema carries `help`; it has to be short.

    /// What use cases call it in the pointer of an error.
    std::string_view core_name() const;
};

/// One row: what a parameter is, and the member of the request that it fills.
template <class Request>
struct ParameterRow {
    Parameter parameter;
    ParameterAccess<Request> access;
};

/// The table of a request, in the order in which its parameters are shown and read; one
/// specialisation for each request.
template <class Request>
std::span<const ParameterRow<Request>> parameter_rows();
template <>
std::span<const ParameterRow<IngestRequest>> parameter_rows();
template <>
std::span<const ParameterRow<AppendRequest>> parameter_rows();
template <>
std::span<const ParameterRow<SearchRequest>> parameter_rows();
template <>
std::span<const ParameterRow<ListRequest>> parameter_rows();
template <>
std::span<const ParameterRow<MessagesRequest>> parameter_rows();

/// A parameter, and what it is where nobody says.
struct DescribedParameter {
    const Parameter* parameter;
    ParameterValue fallback;
};
using DescribedParameters = std::vector<DescribedParameter>;

/// The parameters that a door has; `defaults`: the request of somebody who says nothing.
template <class Request>
DescribedParameters described(Door door, const Request& defaults) {
    DescribedParameters all;
    for (const ParameterRow<Request>& row : parameter_rows<Request>()) {
        if (row.parameter.names.at(door).empty()) continue;
        all.push_back({&row.parameter, row.access.get(defaults)});
    }
    return all;
}

/// `invalid_argument`, with the pointer, if the value is not within the parameter's bounds.
Result<void> check_bounds(const Parameter& parameter, const ParameterValue& value);

/// The first parameter that is out of its bounds.
template <class Request>
Result<void> check_bounds(const Request& request) {
    for (const ParameterRow<Request>& row : parameter_rows<Request>()) {
        Result<void> valid = check_bounds(row.parameter, row.access.get(request));
        if (!valid) return valid;
    }
    return {};
}

/// JSON pointer of a parameter at a door: "/filters/min_score".
std::string pointer_at(Door door, const Parameter& parameter);

/// The error of a use case, as the client of a door has to be told it: with its own name for the
/// parameter.
template <class Request>
Error told_at(Door door, Error error) {
    for (const ParameterRow<Request>& row : parameter_rows<Request>()) {
        const Parameter& parameter = row.parameter;
        if (parameter.names.at(door).empty()) continue;
        if (error.pointer != "/" + std::string(parameter.core_name())) continue;
        error.pointer = pointer_at(door, parameter);
        break;
    }
    return error;
}

}  // namespace rag
