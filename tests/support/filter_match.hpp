#pragma once

#include <vector>

#include "domain/search.hpp"

namespace rag::test {

/// The parts of a filter, each as plain as it can be said.
bool matches(const Filter& filter, ConversationId id, const ConversationHeader& header);
bool matches(const Filter& filter, const Message& message);
/// `messages`: of the chunk's conversation.
bool matches(const Filter& filter, const Chunk& chunk, const std::vector<Message>& messages);

}  // namespace rag::test
