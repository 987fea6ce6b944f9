#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/call_context.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/telemetry.hpp"

namespace rag {

struct ListRequest {
    Filter filter;
    std::int64_t skip = 0;
    std::size_t limit = 50;
    std::optional<std::string> cursor;
};

struct ListResponse {
    std::vector<ConversationSummary> conversations;
    std::optional<std::string> next_cursor;
};

/// Newest first, a page at a time.
class ListConversations {
public:
    explicit ListConversations(ConversationRepository& repository);
    /// `invalid_argument`: limit or skip out of range, or a cursor of other parameters.
    Task<Result<ListResponse>> run(ListRequest request, CallContext context);

private:
    ConversationRepository& repository_;
};

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

class DeleteConversation {
public:
    DeleteConversation(ConversationRepository& repository, Telemetry& telemetry);
    Task<Result<WriteAnswer>> run(ConversationId id, WriteContext write, CallContext context);

private:
    ConversationRepository& repository_;
    Telemetry& telemetry_;
};

}  // namespace rag
