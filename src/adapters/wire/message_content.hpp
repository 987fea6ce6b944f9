#pragma once

#include <string>
#include <vector>

#include "encoding/json.hpp"

namespace rag::wire {

struct Content {
    std::string text;
    std::vector<encoding::Member> kept;  // For the metadata: what the text does not hold.
};

/// The text of a message: a string, an array of parts, or its tool calls. `sent`: nullptr if it has
/// no content. `invalid_argument` at `pointer` for anything else.
Result<Content> read_content(
    const encoding::Value& message, const encoding::Value* sent, const std::string& pointer
);

}  // namespace rag::wire
