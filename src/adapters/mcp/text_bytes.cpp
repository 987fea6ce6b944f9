#include "text_bytes.hpp"

namespace rag::mcp {
namespace {

std::size_t size_of(const std::optional<std::string>& text) { return text ? text->size() : 0; }

}  // namespace

std::size_t text_bytes(const ConversationHeader& header) {
    return size_of(header.scenario_title) + size_of(header.original_title) + size_of(header.url) +
           header.metadata.raw.size();
}

std::size_t text_bytes(const std::vector<StoredMessage>& messages) {
    std::size_t bytes = 0;
    for (const StoredMessage& stored : messages) {
        const rag::Message& message = stored.message;
        bytes +=
            message.content.size() + size_of(message.author_name) + message.metadata.raw.size();
    }
    return bytes;
}

}  // namespace rag::mcp
