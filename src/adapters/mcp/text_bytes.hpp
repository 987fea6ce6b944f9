#pragma once

#include <cstddef>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag::mcp {

/// Roughly the bytes of a piece of an answer.
std::size_t text_bytes(const ConversationHeader& header);
std::size_t text_bytes(const std::vector<StoredMessage>& messages);

}  // namespace rag::mcp
