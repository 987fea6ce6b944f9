#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "encoding/json.hpp"

/// Arguments as models write them: a number in quotes, an object as a JSON string, an empty string
/// for what is not meant, a name that does not exist. What is meant is read; what is not is told.
namespace rag::mcp {

enum class ArgumentKind : std::uint8_t { text, id, integer, number, flag, object, array };

struct Argument {
    std::string_view name;
    ArgumentKind kind = ArgumentKind::text;
    bool required = false;
};

struct TidyArguments {
    encoding::Value arguments;  // Known names alone, values of the types they should have.
    std::vector<std::string>
        ignored;  // Names that the tool does not know, as far as they are told.
};

/// Reads `given`, an object. A value that cannot be understood stays as it is, for the tool to
/// refuse. `invalid_argument` with the pointer: a name nearly a known one, or one argument twice.
Result<TidyArguments> tidy_arguments(
    const std::vector<Argument>& known, const encoding::Value& given
);

}  // namespace rag::mcp
