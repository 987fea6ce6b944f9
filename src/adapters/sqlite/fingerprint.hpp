#pragma once

#include <span>

#include "domain/conversation.hpp"
#include "text/digest.hpp"

namespace rag::sqlite {

/// Digest of a conversation's content: of its header first, then, message by message, of the
/// digest so far and the message. Equal content has an equal one, and an append extends it
/// without reading what is there.
text::Digest fingerprint(const ConversationHeader& header);
text::Digest extended(text::Digest so_far, std::span<const Message> messages);

inline text::Digest fingerprint(const Conversation& conversation) {
    return extended(fingerprint(conversation.header), conversation.messages);
}

}  // namespace rag::sqlite
