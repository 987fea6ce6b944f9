#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "cli/command_line.hpp"
#include "encoding/json.hpp"

/// What the commands share: calls of the REST interface, and what their answers mean.
namespace rag::cli {

wire::Request get_request(std::string target);
wire::Request post_request(std::string target, std::string content_type, std::string body);

/// Reads an answer of ours, which may be larger than what is taken from strangers.
Result<encoding::Value> read_json(std::string_view text);

/// A 2xx answer; anything else is told on `err`, and `exit_code` says how the command ends.
std::optional<wire::Response> call_api(
    ApiClient& api, wire::Request request, std::ostream& err, int& exit_code
);

/// The same, for a body that is wanted as it is: a 2xx one goes to `out` as it comes, and is not in
/// the response.
std::optional<wire::Response> print_api(
    ApiClient& api, wire::Request request, const Terminal& terminal, int& exit_code
);

/// Tells an error on `err` and returns the exit code for it.
int tell(const Error& error, std::ostream& err);
/// The same for an answer that is no success.
int tell(const wire::Response& refusal, std::ostream& err);

/// Why a problem object says that something failed: "content must not be blank
/// (/messages/3/content)".
std::string problem_text(const encoding::Value& problem);

/// Members of an answer; a missing one is empty, 0 or false.
std::string text_of(const encoding::Value& object, std::string_view name);
std::int64_t integer_of(const encoding::Value& object, std::string_view name);
bool flag_of(const encoding::Value& object, std::string_view name);

}  // namespace rag::cli
