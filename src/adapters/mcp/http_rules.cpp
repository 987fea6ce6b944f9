#include "http_rules.hpp"

#include <algorithm>
#include <cctype>

namespace rag::mcp {
namespace {

bool equal_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "application/json" of "application/json; charset=utf-8"
std::string_view media_type(std::string_view value) {
    return trimmed(value.substr(0, value.find(';')));
}

/// A range with `q=0` is none.
bool is_refused(std::string_view range) {
    const std::size_t q = range.find("q=0");
    return q != std::string_view::npos &&
           range.find_first_not_of("0.", q + 2) == std::string_view::npos;
}

bool accepts(std::string_view header, std::string_view type) {
    const std::string_view any_subtype = type.substr(0, type.find('/') + 1);
    while (!header.empty()) {
        const std::size_t comma = header.find(',');
        const std::string_view range = trimmed(header.substr(0, comma));
        header = comma == std::string_view::npos ? "" : header.substr(comma + 1);
        const std::string_view name = media_type(range);
        const bool matches = name == "*/*" || equal_ignoring_case(name, type) ||
                             equal_ignoring_case(name, std::string(any_subtype) + "*");
        if (matches && !is_refused(range)) return true;
    }
    return false;
}

}  // namespace

std::optional<wire::Response> check_media_types(const wire::Request& request) {
    if (!equal_ignoring_case(media_type(request.header("Content-Type")), "application/json")) {
        return error_answer(RpcError{
            code::kInvalidRequest, "Content-Type must be application/json", {}, 415});
    }
    const std::string_view accept = request.header("Accept");
    const bool both = accepts(accept, "application/json") && accepts(accept, "text/event-stream");
    if (!accept.empty() && !both) {
        return error_answer(RpcError{
            code::kInvalidRequest,
            "Accept must list application/json and text/event-stream",
            {},
            406});
    }
    return std::nullopt;
}

wire::Response json_answer(int status, std::string body) {
    wire::Response response;
    response.status = status;
    response.headers.push_back({"Content-Type", "application/json"});
    response.body = std::move(body);
    return response;
}

wire::Response error_answer(const RpcError& error, std::string_view id) {
    return json_answer(error.status, error_text(id, error));
}

wire::Response accepted() {
    wire::Response response;
    response.status = 202;
    return response;
}

wire::Response method_not_allowed() {
    wire::Response response = error_answer(RpcError{
        code::kInvalidRequest, "Messages are sent by POST; there is no stream", {}, 405});
    response.headers.push_back({"Allow", "POST, DELETE"});
    return response;
}

}  // namespace rag::mcp
