#include "wire/digest.hpp"

#include <openssl/evp.h>

#include <cstdlib>

namespace rag::wire {

Digest sha256(std::string_view bytes) {
    Digest digest{};
    unsigned size = 0;
    const int done =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
    // It fails only without memory or without the algorithm; a wrong digest would repeat the wrong
    // answer to somebody, so there is no going on.
    if (done != 1 || size != digest.size()) std::abort();
    return digest;
}

}  // namespace rag::wire
