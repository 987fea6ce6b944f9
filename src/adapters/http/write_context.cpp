#include "write_context.hpp"

#include <algorithm>

#include "domain/limits.hpp"
#include "framing_gate.hpp"
#include "wire/problem.hpp"

namespace rag::http {

namespace {

constexpr std::string_view kKeyHeader = "Idempotency-Key";

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

bool is_valid_key(std::string_view key) {
    return !key.empty() && key.size() <= limits::kIdempotencyKeyCharactersMax &&
           std::all_of(key.begin(), key.end(), is_visible);
}

}  // namespace

Result<std::vector<WriteKey>> write_keys(const wire::Request& request) {
    std::vector<WriteKey> keys;
    for (const wire::Header& header : request.headers) {
        if (!equals_ignoring_case(header.name, kKeyHeader)) continue;
        if (!keys.empty() || !is_valid_key(header.value)) {
            return fail(
                ErrorCode::invalid_argument,
                "must be one key of 1 to 255 visible ASCII characters",
                "/Idempotency-Key"
            );
        }
        keys.push_back(WriteKey{WriteKey::Scope::client, header.value});
    }
    const std::string_view forward = request.header(wire::kForwardKeyHeader);
    if (request.origin != wire::Origin::network && !forward.empty()) {
        keys.push_back(WriteKey{WriteKey::Scope::forward, std::string(forward)});
    }
    return keys;
}

text::Digest digest_with_target(const wire::Request& request, const text::Digest& body) {
    std::string both = request.method + " " + request.target + "\n";
    both.append(body.begin(), body.end());
    return text::sha256(both);
}

wire::Response write_response(WriteAnswer answer) {
    wire::Response response = wire::json_response(answer.status, std::move(answer.body));
    if (answer.replayed) {
        response.headers.push_back(wire::Header{"Idempotency-Replayed", "true"});
    }
    return response;
}

}  // namespace rag::http
