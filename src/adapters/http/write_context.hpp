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
wire::Response write_response(
    const WriteAnswer& answer, wire::WriteRenderer door, const wire::Notes& notes = {}
);

/// What is to become of a known conversation, by the request and its body.
/// `invalid_argument` where they say different things, of this or of what is invalid.
Result<IfExists> settled(const IngestRequest& request, const wire::WriteWishes& wishes);

/// Adds the key that a body names. `invalid_argument`: the header names another one.
Result<void> add_body_key(std::vector<WriteKey>& keys, const std::optional<std::string>& key);

}  // namespace rag::http
