#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag {

struct ConversationWithChunks {
    ConversationSummary summary;
    std::vector<StoredChunk> chunks;
};

/// Which messages of a conversation are wanted. Indices count from 0, both inclusive; absent: from
/// the first, to the last.
struct MessagesRequest {
    ConversationId conversation_id;
    std::optional<std::int64_t> from = {};
    std::optional<std::int64_t> to = {};
    /// Where a part of a tool's ended; the tool reads it, not the use case.
    std::optional<std::string> cursor = {};
};

struct MessagePage {
    ConversationId conversation_id;
    std::int64_t total = 0;
    std::vector<StoredMessage> messages;
};

/// One conversation, by its chunks or message by message. `too_large`: that is more than
/// limits::kReadBytesMax; a part of the messages can be had.
class GetConversation {
public:
    explicit GetConversation(ConversationRepository& repository);
    Task<Result<ConversationSummary>> summary(ConversationId id, CallContext context);
    Task<Result<ConversationWithChunks>> with_chunks(ConversationId id, CallContext context);
    Task<Result<MessagePage>> messages(MessagesRequest request, CallContext context);

private:
    ConversationRepository& repository_;
};

}  // namespace rag
