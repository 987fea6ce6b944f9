#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "application/parameters.hpp"
#include "encoding/url.hpp"
#include "wire/fields.hpp"

/// Reads what the table of parameters (application/parameters.hpp) says that there is.
namespace rag::wire {

/// Reads one object by the names of a door, then `finish`: see `FieldReader`.
class ParameterReader {
public:
    /// `object` outlives the reader.
    ParameterReader(const encoding::Value& object, Door door);

    /// nullopt: it is absent, wrong, or this door does not have it.
    std::optional<ParameterValue> read(const Parameter& parameter);
    Result<void> finish();

private:
    /// An object within a body, like `filters`.
    struct Group {
        std::string_view name;
        std::optional<FieldReader> fields;  // nullopt: it is absent.
    };
    FieldReader* fields_of(std::string_view group);
    /// A name, and the object in which it would stand; no object: this door does not have it.
    struct Place {
        FieldReader* fields = nullptr;
        std::string_view name = {};
    };
    Place place_of(std::string_view name);
    std::optional<ParameterValue> read_value(
        FieldReader& fields, std::string_view name, const Parameter& parameter
    );

    Door door_;
    FieldReader fields_;
    std::deque<Group> groups_;
};

/// What the object says; what it does not say keeps its value of `request`.
template <class Request>
Result<Request> parse_parameters(const encoding::Value& object, Door door, Request request) {
    ParameterReader reader(object, door);
    for (const ParameterRow<Request>& row : parameter_rows<Request>()) {
        std::optional<ParameterValue> value = reader.read(row.parameter);
        if (value) row.access.set(request, std::move(*value));
    }
    if (Result<void> done = reader.finish(); !done) return tl::unexpected(std::move(done.error()));
    return request;
}

/// The same for a query string ("q=x&top_k=5").
template <class Request>
Result<Request> parse_query(std::string_view query, Request request) {
    Result<encoding::Value> parameters = encoding::parse_query_string(query);
    if (!parameters) return tl::unexpected(std::move(parameters.error()));
    return parse_parameters(*parameters, Door::query, std::move(request));
}

}  // namespace rag::wire
