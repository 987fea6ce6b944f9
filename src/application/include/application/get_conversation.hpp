#pragma once

#include <optional>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag {

struct ConversationWithChunks {
    ConversationSummary summary;
    std::vector<StoredChunk> chunks;
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
    /// `from` and `to` count from 0, both inclusive; absent: from the first, to the last.
    Task<Result<MessagePage>> messages(
        ConversationId id,
        std::optional<std::int64_t> from,
        std::optional<std::int64_t> to,
        CallContext context
    );

private:
    ConversationRepository& repository_;
};

}  // namespace rag
