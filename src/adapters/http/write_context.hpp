#pragma once

#include "application/ports/conversation_repository.hpp"
#include "domain/error.hpp"
#include "encoding/digest.hpp"
#include "wire/message.hpp"
#include "wire/render.hpp"

namespace rag::http {

/// The keys of a write, from its headers: the client's, and that of a forwarding process where the
/// request comes from one of our own. `invalid_argument`: not 1 to 255 visible ASCII characters.
Result<std::vector<WriteKey>> write_keys(const wire::Request& request);

/// Digest of a request: method, path, query and body.
encoding::Digest request_digest(const wire::Request& request, const encoding::Digest& body);

/// The door's answer to a write, with `Idempotency-Replayed` where it is a repeated one.
wire::Response write_response(const WriteAnswer& answer, wire::WriteRenderer door);

}  // namespace rag::http
