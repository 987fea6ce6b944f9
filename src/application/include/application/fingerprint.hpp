#pragma once

#include <span>

#include "domain/conversation.hpp"
#include "encoding/digest.hpp"

namespace rag {

/// Digest of a conversation's content: of its header first, then, message by message, of the
/// digest so far and the message. Equal content has an equal one, and an append extends it
/// without reading what is there. Stores keep it.
encoding::Digest fingerprint(const Conversation& conversation);

/// That of a header alone, with which it begins.
encoding::Digest fingerprint(const ConversationHeader& header);

/// That of the conversation with these messages appended.
encoding::Digest extended_fingerprint(encoding::Digest so_far, std::span<const Message> messages);

}  // namespace rag
