#pragma once

#include <string_view>

#include "encoding/digest.hpp"

namespace rag::encoding {

/// HMAC-SHA-256 (RFC 2104): only who has the key can make it.
Digest hmac_sha256(const Digest& key, std::string_view bytes);

/// Whether the text is the digest's lower-case hexadecimal digits; takes as long for a wrong one as
/// for the right one, so that nobody finds it out digit by digit.
bool is_hex_of(std::string_view text, const Digest& digest);

}  // namespace rag::encoding
