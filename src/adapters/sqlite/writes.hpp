#pragma once

#include "application/ports/conversation_repository.hpp"
#include "connection.hpp"
#include "encoding/digest.hpp"
#include "index/chunk_index.hpp"

/// What the writing connection does for one request, within the request's savepoint. A failed
/// Result or a SqliteError rolls that savepoint back.
namespace rag::sqlite {

/// The space that new chunks are written into and searches use; id 0: none is known yet.
struct ActiveSpace {
    std::int64_t id = 0;
    std::size_t dimension = 0;
    friend bool operator==(const ActiveSpace&, const ActiveSpace&) = default;
};

/// What a request reads and changes while it is written.
struct WriteSession {
    Connection& db;
    Timestamp now;
    std::uint32_t analyzer_version = 0;
    ActiveSpace space;  // A request may change it; the change counts from its commit on.
    IndexBatch index;   // What the in-memory index must be told after the commit.
};

Result<WriteAnswer> save(
    WriteSession& session, NewConversation& conversation, const WriteContext& context
);
Result<WriteAnswer> save_duplicate(
    WriteSession& session, const WriteOutcome& outcome, const WriteContext& context
);
Result<WriteAnswer> append(
    WriteSession& session,
    NewMessages& messages,
    std::size_t messages_max,
    const WriteContext& context
);
Result<WriteAnswer> remove(WriteSession& session, ConversationId id, const WriteContext& context);

/// Makes the space the active one, and adds it if it was never seen.
Result<void> use_space(WriteSession& session, const EmbeddingSpace& space);

/// The space that was used last; id 0 if there is none.
ActiveSpace last_space(Connection& db);

/// The conversation of the same content with the lowest id, as the outcome of a duplicate.
std::optional<WriteOutcome> find_duplicate(Connection& db, const encoding::Digest& fingerprint);

}  // namespace rag::sqlite
