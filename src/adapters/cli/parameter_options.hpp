#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application/parameters.hpp"

namespace CLI {
class App;
}

/// The table of parameters as options of commands, and what was said by them as the requests of
/// the REST interface. Only types are checked here; the rest is the application's to judge.
namespace rag::cli {

struct GivenParameter {
    const Parameter* parameter;
    std::string text;  // As it was typed; of a number, as it was understood.
};
using GivenParameters = std::vector<GivenParameter>;

/// Adds an option for each; what is given is added to `given`, which outlives the parsing.
void add_parameters(
    CLI::App& command, const DescribedParameters& parameters, GivenParameters& given
);

/// "?skip=1&limit=2"; empty if nothing is given.
std::string query_string(const GivenParameters& given);

/// The body of a request, as JSON.
std::string json_body(const GivenParameters& given);

}  // namespace rag::cli
