#include "wire/problem.hpp"

#include <algorithm>
#include <array>

namespace rag::wire {

namespace {

using encoding::JsonWriter;

struct CodeRow {
    ErrorCode code;
    int status;
};

// A passed deadline is the server's load, not the client's slowness (that is 408): 503, try again.
constexpr std::array kCodes{
    CodeRow{ErrorCode::invalid_argument, 400},
    CodeRow{ErrorCode::unauthenticated, 401},
    CodeRow{ErrorCode::forbidden, 403},
    CodeRow{ErrorCode::not_found, 404},
    CodeRow{ErrorCode::conflict, 409},
    CodeRow{ErrorCode::already_exists, 409},
    CodeRow{ErrorCode::key_reused, 422},
    CodeRow{ErrorCode::too_large, 413},
    CodeRow{ErrorCode::overloaded, 503},
    CodeRow{ErrorCode::timeout, 503},
    CodeRow{ErrorCode::unavailable, 503},
    CodeRow{ErrorCode::no_space, 507},
    CodeRow{ErrorCode::corrupt, 500},
    CodeRow{ErrorCode::internal, 500},
};

struct StatusRow {
    int status;
    std::string_view title;
};

constexpr std::array kStatuses{
    StatusRow{100, "Continue"},
    StatusRow{200, "OK"},
    StatusRow{201, "Created"},
    StatusRow{202, "Accepted"},
    StatusRow{204, "No Content"},
    StatusRow{302, "Found"},
    StatusRow{304, "Not Modified"},
    StatusRow{400, "Bad Request"},
    StatusRow{401, "Unauthorized"},
    StatusRow{403, "Forbidden"},
    StatusRow{404, "Not Found"},
    StatusRow{405, "Method Not Allowed"},
    StatusRow{406, "Not Acceptable"},
    StatusRow{408, "Request Timeout"},
    StatusRow{409, "Conflict"},
    StatusRow{413, "Content Too Large"},
    StatusRow{414, "URI Too Long"},
    StatusRow{415, "Unsupported Media Type"},
    StatusRow{417, "Expectation Failed"},
    StatusRow{421, "Misdirected Request"},
    StatusRow{422, "Unprocessable Content"},
    StatusRow{429, "Too Many Requests"},
    StatusRow{431, "Request Header Fields Too Large"},
    StatusRow{500, "Internal Server Error"},
    StatusRow{501, "Not Implemented"},
    StatusRow{503, "Service Unavailable"},
    StatusRow{505, "HTTP Version Not Supported"},
    StatusRow{507, "Insufficient Storage"},
};

/// What every problem object begins with.
void write_head(JsonWriter& out, int status, std::string_view code, std::string_view detail) {
    out.member("type", "urn:mcp-backend:problem:" + std::string(code));
    out.member("title", status_title(status));
    out.member("status", static_cast<std::int64_t>(status));
    out.member("detail", detail);
}

void write_errors(JsonWriter& out, const Error& error) {
    out.key("errors").begin_array();
    if (error.code == ErrorCode::invalid_argument || !error.pointer.empty()) {
        out.begin_object();
        out.member("pointer", error.pointer);
        out.member("message", error.message);
        out.end_object();
    }
    out.end_array();
}

Response problem_body(int status, std::string_view code, std::string body) {
    Response response;
    response.status = status;
    response.headers.push_back(Header{"Content-Type", "application/problem+json"});
    // What passes by itself: load, a start, the request that holds the same key.
    const bool passes = code == name_of(ErrorCode::conflict) || status == 429 || status == 503;
    if (passes) response.headers.push_back(Header{"Retry-After", "1"});
    response.body = std::move(body);
    return response;
}

std::string detail_of(const Error& error) {
    return error.pointer.empty() ? error.message : error.pointer + ": " + error.message;
}

}  // namespace

int http_status(ErrorCode code) {
    const auto* row = std::find_if(kCodes.begin(), kCodes.end(), [code](const CodeRow& candidate) {
        return candidate.code == code;
    });
    return row == kCodes.end() ? 500 : row->status;
}

std::string_view status_title(int status) {
    for (const StatusRow& row : kStatuses) {
        if (row.status == status) return row.title;
    }
    return "Unknown";
}

Response problem_response(const Error& error, const ProblemPlace& place) {
    const int status = http_status(error.code);
    const std::string_view code = name_of(error.code);
    JsonWriter out;
    out.begin_object();
    write_head(out, status, code, detail_of(error));
    out.member("instance", place.instance);
    out.member("code", code);
    write_errors(out, error);
    out.member("trace_id", place.trace_id);
    out.end_object();
    return problem_body(status, code, out.take());
}

Response problem_response(const HttpProblem& problem, const ProblemPlace& place) {
    JsonWriter out;
    out.begin_object();
    write_head(out, problem.status, problem.code, problem.detail);
    out.member("instance", place.instance);
    out.member("code", problem.code);
    out.key("errors").begin_array().end_array();
    out.member("trace_id", place.trace_id);
    out.end_object();
    return problem_body(problem.status, problem.code, out.take());
}

void write_problem(JsonWriter& out, const Error& error) {
    const int status = http_status(error.code);
    const std::string_view code = name_of(error.code);
    out.begin_object();
    write_head(out, status, code, detail_of(error));
    out.member("code", code);
    write_errors(out, error);
    out.end_object();
}

Response json_response(int status, std::string body) {
    Response response;
    response.status = status;
    response.headers.push_back(Header{"Content-Type", "application/json"});
    response.body = std::move(body);
    return response;
}

}  // namespace rag::wire
