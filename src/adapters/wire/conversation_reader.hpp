#pragma once

#include <string>

#include "domain/conversation.hpp"
#include "domain/time_zone.hpp"
#include "encoding/json.hpp"

namespace rag::wire {

/// Reads a conversation in our names or those of chat APIs and exports; keys that mean nothing here
/// are kept in its metadata. `invalid_argument` with the pointer of what is wrong.
Result<Conversation> read_conversation(
    const encoding::Value& value, const std::string& pointer, const TimeZone& zone
);

/// Alike, one message.
Result<Message> read_message(
    const encoding::Value& value, const std::string& pointer, const TimeZone& zone
);

}  // namespace rag::wire
