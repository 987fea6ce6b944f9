#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "encoding/json.hpp"
#include "wire/message.hpp"

/// Errors as clients see them: RFC 9457 problem details.
namespace rag::wire {

/// Where each `ErrorCode` goes; the one table.
int http_status(ErrorCode code);
/// The reason phrase of a status: "Not Found".
std::string_view status_title(int status);

/// What a problem tells besides the error itself.
struct ProblemPlace {
    std::string instance;  // The path that was asked for.
    std::string trace_id;
};

/// 409, 429 and 503 carry `Retry-After`.
Response problem_response(const Error& error, const ProblemPlace& place);

/// A problem of HTTP itself, which the core has no code for: 405, 415 and the like. `code`: one
/// word ("method_not_allowed").
struct HttpProblem {
    int status;
    std::string_view code;
    std::string detail;
};
Response problem_response(const HttpProblem& problem, const ProblemPlace& place);

/// The problem object without place, for errors inside of other answers.
void write_problem(encoding::JsonWriter& out, const Error& error);

/// A 2xx answer with a JSON body.
Response json_response(int status, std::string body);

}  // namespace rag::wire
