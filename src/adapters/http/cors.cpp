#include "cors.hpp"

namespace rag::http {

namespace {

constexpr std::string_view kRequestHeaders =
    "Accept, Authorization, Cache-Control, Consistency-Token, Content-Type, Idempotency-Key, "
    "If-None-Match, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id, "
    "traceparent, tracestate";
constexpr std::string_view kExposedHeaders =
    "Consistency-Token, ETag, Idempotency-Replayed, Link, Mcp-Session-Id, Retry-After, traceparent";
/// Two hours, which is the most that Chromium believes.
constexpr std::string_view kMaxAgeSeconds = "7200";
/// A page of the internet that calls a server of the local network asks for this, too.
constexpr std::string_view kAskedPrivateNetwork = "Access-Control-Request-Private-Network";

void add(wire::Response& answer, std::string_view name, std::string_view value) {
    answer.headers.push_back(wire::Header{std::string(name), std::string(value)});
}

}  // namespace

void let_read(wire::Response& answer, std::string_view origin) {
    if (origin.empty()) return;
    add(answer, "Access-Control-Allow-Origin", origin);
    add(answer, "Access-Control-Expose-Headers", kExposedHeaders);
    if (answer.header("Vary").empty()) add(answer, "Vary", "Origin");
}

wire::Response preflight_answer(const wire::Request& asked, const std::string& methods) {
    wire::Response answer;
    answer.status = 204;
    add(answer, "Allow", methods);
    add(answer, "Access-Control-Allow-Methods", methods);
    add(answer, "Access-Control-Allow-Headers", kRequestHeaders);
    add(answer, "Access-Control-Max-Age", kMaxAgeSeconds);
    if (asked.header(kAskedPrivateNetwork) == "true") {
        add(answer, "Access-Control-Allow-Private-Network", "true");
    }
    return answer;
}

}  // namespace rag::http
