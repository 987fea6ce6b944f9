#include "encoding/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <new>
#include <string>

#include "encoding/hex.hpp"

namespace rag::encoding {

Digest hmac_sha256(const Digest& key, std::string_view bytes) {
    Digest made{};
    unsigned size = 0;
    const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
    const unsigned char* done = HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        begin,
        bytes.size(),
        made.data(),
        &size
    );
    // With a working library it fails for lack of memory only.
    if (done == nullptr) throw std::bad_alloc();
    return made;
}

bool is_hex_of(std::string_view text, const Digest& digest) {
    const std::string right = to_hex(digest);
    return text.size() == right.size() &&
           CRYPTO_memcmp(text.data(), right.data(), right.size()) == 0;
}

}  // namespace rag::encoding
