#pragma once

#include <string>

#include "encoding/json.hpp"
#include "wire/sent_conversation.hpp"

namespace rag::wire {

/// Reads one message in our names or those of chat APIs and exports; what means nothing here is
/// kept in its metadata. `invalid_argument` with the pointer of what is wrong.
Result<Message> read_message(
    const encoding::Value& value, const std::string& pointer, const TimeZone& zone, Notes& notes
);

}  // namespace rag::wire
