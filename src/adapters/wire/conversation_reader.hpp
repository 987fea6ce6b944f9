#pragma once

#include <string>

#include "encoding/json.hpp"
#include "wire/sent_conversation.hpp"

namespace rag::wire {

/// Reads a conversation in our names or those of chat APIs and exports; keys that mean nothing here
/// are kept in its metadata. `invalid_argument` with the pointer of what is wrong.
Result<SentConversation> read_conversation(
    const encoding::Value& value, const std::string& pointer, const TimeZone& zone
);

/// Alike, the body of an append: its messages and its wishes.
Result<SentMessages> read_messages(
    const encoding::Value& value, const std::string& pointer, const TimeZone& zone
);

}  // namespace rag::wire
