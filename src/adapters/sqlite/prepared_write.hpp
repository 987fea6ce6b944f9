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
};

struct PreparedConversation {
    ConversationHeader header;
    IndexedHeader compared;  // What filters see of the header.
    encoding::Digest fingerprint{};
    PreparedMessages content;
};

struct PreparedAppend {
    ConversationId conversation_id;
    encoding::Digest fingerprint_before{};
    encoding::Digest fingerprint_after{};
    PreparedMessages content;
};

/// `internal`: a chunk covers messages that are not there.
Result<PreparedConversation> prepare(NewConversation conversation);
Result<PreparedAppend> prepare(NewMessages messages);

/// About what there is to prepare.
std::size_t bytes_of(const NewConversation& conversation);
std::size_t bytes_of(const NewMessages& messages);

}  // namespace rag::sqlite
