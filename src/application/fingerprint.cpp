#include "application/fingerprint.hpp"

namespace rag {

encoding::Digest fingerprint(const Conversation& conversation) {
    return extended_fingerprint(fingerprint(conversation.header), conversation.messages);
}

encoding::Digest fingerprint(const ConversationHeader& header) {
    return encoding::sha256(canonical_bytes(header));
}

encoding::Digest extended_fingerprint(encoding::Digest so_far, std::span<const Message> messages) {
    encoding::Sha256 hash;
    for (const Message& message : messages) {
        hash.update(so_far);
        hash.update(canonical_bytes(message));
        so_far = hash.finish();
    }
    return so_far;
}

}  // namespace rag
