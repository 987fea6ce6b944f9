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

Result<IfExists> settled(const IngestRequest& request, const wire::WriteWishes& wishes) {
    const Result<std::optional<OnInvalid>> on_invalid =
        wire::agreed(request.on_invalid, wishes.on_invalid, "/on_invalid");
    if (!on_invalid) return tl::unexpected(on_invalid.error());
    const Result<std::optional<IfExists>> if_exists =
        wire::agreed(request.if_exists, wishes.if_exists, "/if_exists");
    if (!if_exists) return tl::unexpected(if_exists.error());
    return if_exists->value_or(IfExists::extend);
}

Result<void> add_body_key(std::vector<WriteKey>& keys, const std::optional<std::string>& key) {
    if (!key) return {};
    for (const WriteKey& other : keys) {
        if (other.scope != WriteKey::Scope::client) continue;
        if (other.key == *key) return {};
        return fail(
            ErrorCode::invalid_argument,
            "is another key than that of the header Idempotency-Key; say it once",
            "/idempotency_key"
        );
    }
    keys.insert(keys.begin(), WriteKey{WriteKey::Scope::client, *key});
    return {};
}

wire::Response write_response(
    const WriteAnswer& answer, wire::WriteRenderer door, const wire::Notes& notes
) {
    wire::WriteText text = wire::render_write(answer, door, notes);
    wire::Response response = wire::json_response(text.status, std::move(text.body));
    if (answer.replayed) {
        response.headers.push_back(wire::Header{"Idempotency-Replayed", "true"});
    }
    return response;
}

}  // namespace rag::http
