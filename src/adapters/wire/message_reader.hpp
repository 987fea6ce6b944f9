#pragma once

#include <string>

#include "encoding/json.hpp"
#include "wire/sent_conversation.hpp"

namespace rag::wire {

/// What a reader of a message needs besides, and what it tells.
struct MessageReading {
    const TimeZone& zone;
    Notes& notes;
    SentNames& names;
    std::int64_t index = 0;  // Of the message in its list.
};

/// Reads one message in our names or those of chat APIs and exports; what means nothing here is
/// kept in its metadata. `invalid_argument` with the pointer of what is wrong.
Result<Message> read_message(
    const encoding::Value& value, const std::string& pointer, MessageReading reading
);

}  // namespace rag::wire
