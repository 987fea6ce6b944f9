#include "http_rules.hpp"

#include "wire/headers.hpp"

namespace rag::mcp {
namespace {

/// "application/json" of "application/json; charset=utf-8"
std::string_view media_type(std::string_view value) { return wire::next_part(value, ';'); }

}  // namespace

std::optional<wire::Response> check_media_types(const wire::Request& request) {
    if (!wire::equals_ignoring_case(
            media_type(request.header("Content-Type")), "application/json"
        )) {
        return error_answer(RpcError{
            code::kInvalidRequest, "Content-Type must be application/json", {}, 415});
    }
    std::string accept;
    for (const wire::Header& header : request.headers) {
        if (!wire::equals_ignoring_case(header.name, "Accept")) continue;
        accept += (accept.empty() ? "" : ", ") + header.value;
    }
    if (!wire::accepts(accept, "application/json")) {
        return error_answer(RpcError{
            code::kInvalidRequest,
            "The answer is application/json, which Accept leaves out",
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
