#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "blobs.hpp"
#include "index/chunk_index.hpp"

/// Writes as the writing connection binds them: text in the form that filters compare, lists as
/// blobs, the rows of the index. Made before a write is queued, for everybody waits for the writer.
namespace rag::sqlite {

struct PreparedMessage {
    Message message;
    std::optional<std::string> compared_author_name;
    AuthorClass author_class = AuthorClass::none;
};

struct PreparedChunk {
    Chunk chunk;
    /// As the index gets it; ids, the place and the header are known to the writer alone.
    IndexedChunk indexed;
    Bytes message_times;
    Bytes terms;
    Bytes content_ids;
    Bytes unique_ids;
};

struct PreparedMessages {
    std::vector<PreparedMessage> messages;
    std::vector<PreparedChunk> chunks;
    std::size_t bytes = 0;  // About what all of it takes.
    Timestamp stored_at;    // A message without a time counts with it.
    Timestamp first_at;     // Of the messages, if there are any.
    Timestamp last_at;
};

struct PreparedConversation {
    ConversationHeader header;
    IndexedHeader compared;  // What filters see of the header.
    encoding::Digest fingerprint{};
    PreparedMessages content;
    std::vector<std::int64_t> messages_without_words;
};

struct PreparedAppend {
    ConversationId conversation_id;
    encoding::Digest fingerprint_before{};
    encoding::Digest fingerprint_after{};
    PreparedMessages content;
    std::vector<std::int64_t> messages_without_words;
};

struct PreparedChange {
    ConversationId conversation_id;
    encoding::Digest fingerprint_before{};
    encoding::Digest fingerprint_after{};
    std::optional<CorrectedHeader> header;
    IndexedHeader compared;  // Of `header`.
    std::vector<ChangedMessage> changed;
    bool replaces = false;
    PreparedMessages content;
    WriteOutcome outcome;
};

/// `internal`: a chunk covers messages that are not there. `now`: when they are stored.
Result<PreparedConversation> prepare(NewConversation conversation, Timestamp now);
Result<PreparedAppend> prepare(NewMessages messages, Timestamp now);
Result<PreparedChange> prepare(ConversationChange change, Timestamp now);

/// About what there is to prepare.
std::size_t bytes_of(const NewConversation& conversation);
std::size_t bytes_of(const NewMessages& messages);
std::size_t bytes_of(const ConversationChange& change);

}  // namespace rag::sqlite
