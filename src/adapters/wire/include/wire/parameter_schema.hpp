#pragma once

#include "application/parameters.hpp"
#include "encoding/json.hpp"

/// The table of parameters as JSON Schema, for /openapi.json and for the tools.
namespace rag::wire {

/// The schema of one value.
void write_value_schema(encoding::JsonWriter& out, Door door, const DescribedParameter& parameter);

/// Members of the schema of an object that holds all of a door's parameters: `properties`,
/// `required`, `additionalProperties`. The caller opens and closes the object.
void write_object_schema(
    encoding::JsonWriter& out, Door door, const DescribedParameters& parameters
);

}  // namespace rag::wire
