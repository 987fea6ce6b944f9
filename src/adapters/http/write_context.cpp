#include "write_context.hpp"

#include "wire/headers.hpp"
#include "wire/parse.hpp"
#include "wire/problem.hpp"

namespace rag::http {

namespace {

constexpr std::string_view kKeyHeader = "Idempotency-Key";

}  // namespace

Result<std::vector<WriteKey>> write_keys(const wire::Request& request) {
    std::vector<WriteKey> keys;
    for (const wire::Header& header : request.headers) {
        if (!wire::equals_ignoring_case(header.name, kKeyHeader)) continue;
        if (!keys.empty() || !wire::is_idempotency_key(header.value)) {
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

encoding::Digest request_digest(const wire::Request& request, const encoding::Digest& body) {
    std::string both = request.method + " " + request.target + "\n";
    both.append(body.begin(), body.end());
    return encoding::sha256(both);
}

wire::Response write_response(const WriteAnswer& answer, wire::WriteRenderer door) {
    wire::WriteText text = wire::render_write(answer, door);
    wire::Response response = wire::json_response(text.status, std::move(text.body));
    if (answer.replayed) {
        response.headers.push_back(wire::Header{"Idempotency-Replayed", "true"});
    }
    return response;
}

}  // namespace rag::http
