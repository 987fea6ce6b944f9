#include "fingerprint.hpp"

namespace rag::sqlite {

text::Digest fingerprint(const ConversationHeader& header) {
    return text::sha256(canonical_bytes(header));
}

text::Digest extended(text::Digest so_far, std::span<const Message> messages) {
    text::Sha256 hash;
    for (const Message& message : messages) {
        hash.update(so_far);
        hash.update(canonical_bytes(message));
        so_far = hash.finish();
    }
    return so_far;
}

}  // namespace rag::sqlite
