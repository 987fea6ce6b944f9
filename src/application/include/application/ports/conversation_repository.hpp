#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "application/call_context.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/task.hpp"
#include "domain/limits.hpp"
#include "domain/search.hpp"

namespace rag {

/// Who repeats a write: a client with its `Idempotency-Key`, or a process that forwards it to the
/// owner and must not do it twice when the owner changes in between.
struct WriteKey {
    enum class Scope : std::uint8_t { client, forward };
    Scope scope = Scope::client;
    std::string key;
    friend bool operator==(const WriteKey&, const WriteKey&) = default;
};

/// What a write did.
struct WriteOutcome {
    ConversationId conversation_id;
    bool duplicate = false;  // The same content was there; nothing was written.
    std::int64_t messages_written = 0;
    std::int64_t chunks_written = 0;
    std::int64_t messages_total = 0;
    std::int64_t chunks_total = 0;
    std::int64_t chunks_deleted = 0;  // Of a delete.
    ConversationHeader header;
    Timestamp created_at;
};

/// The answer to a write, as bytes that are stored with it and repeated to whoever repeats it.
struct WriteAnswer {
    bool replayed = false;  // These are the bytes of the first time.
    int status = 200;
    std::string body;
    std::optional<WriteOutcome> outcome;  // Not known of a replayed one.
};

/// Makes the stored answer of an outcome. Called inside the transaction, before it commits; must
/// not block or throw.
using AnswerRenderer = std::function<std::pair<int, std::string>(const WriteOutcome&)>;

struct WriteContext {
    std::vector<WriteKey> keys;                  // None, one or both scopes.
    std::array<std::uint8_t, 32> body_digest{};  // SHA-256 of the raw body; compared for `keys`.
    AnswerRenderer render;
};

struct NewConversation {
    Conversation conversation;
    std::vector<NewChunk> chunks;  // Indices count from this conversation's first message.
};

struct NewMessages {
    ConversationId conversation_id;
    std::vector<Message> messages;
    std::vector<NewChunk> chunks;  // Indices count from the first of `messages`.
};

struct ConversationSummary {
    ConversationId id;
    ConversationHeader header;
    Timestamp created_at;
    std::int64_t message_count = 0;
    std::int64_t chunk_count = 0;
};

struct StoredMessage {
    std::int64_t index = 0;  // From 0.
    Message message;
};

/// What a message counts where reads are bounded.
inline std::size_t read_bytes(const Message& message) {
    return message.content.size() + message.metadata.raw.size();
}

/// Both ends inclusive, from 0.
struct MessageRange {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

struct StoredChunk {
    ChunkId id;
    ConversationId conversation_id;
    Chunk chunk;
};

/// A chunk as a search answers it.
struct LoadedChunk {
    StoredChunk stored;
    std::uint32_t tokens = 0;
    ConversationSummary conversation;    // Counts are not filled.
    std::vector<StoredMessage> context;  // Messages before and after its span, in order.
    bool context_left_out = false;       // It would have been more than was allowed.
};

struct ListQuery {
    Filter filter;  // A conversation matches if one of its messages does.
    std::int64_t skip = 0;
    std::size_t limit = limits::kListLimitDefault;
    std::optional<ConversationId> before;  // Only older (smaller) ids: how pages continue.
};

struct ConversationPage {
    std::vector<ConversationSummary> conversations;  // Newest (largest id) first.
    bool more = false;
};

struct StoreCounts {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t chunks = 0;
    std::int64_t chunks_without_embedding = 0;  // In the current space.
};

/// How the store is, as last looked at.
struct StoreStatus {
    enum class State : std::uint8_t { starting, healthy, nearly_full, failed };
    State state = State::starting;
    double latency_ms = 0;
    std::string error;                          // May be shown to clients.
    std::int64_t chunks_without_embedding = 0;  // In the current space: found by words only.
    std::int64_t wal_bytes = 0;
    std::int64_t connections_open = 0;
    std::int64_t connections_max = 0;
    std::int64_t connections_in_use = 0;
    std::int64_t waiters = 0;
};

/// What `verify` found. Empty problems: the store is whole.
struct VerifyReport {
    StoreCounts counts;
    std::vector<std::string> problems;  // At most 100, then a line that says how many more.
};

/// Keeps conversations and finds their chunks. Thread-safe.
/// Any call may answer `unavailable` (backend down or still opening) or `timeout` (deadline
/// passed); a write also `no_space`. Every implementation passes
/// tests/contract/conversation_repository_contract.hpp.
class ConversationRepository {
public:
    virtual ~ConversationRepository() = default;

    /// The stored answer to a write that was done with one of these keys before
    /// (limits::kAnswersKept); nullopt: none. `key_reused`: the key was used with another body.
    virtual Task<Result<std::optional<WriteAnswer>>> find_answer(
        std::vector<WriteKey> keys, std::array<std::uint8_t, 32> body_digest, CallContext context
    ) = 0;

    /// The stored conversation with the same content (lowest id), so that a duplicate need not be
    /// chunked and embedded first; nullopt: none. Remembers nothing: `save` looks again.
    virtual Task<Result<std::optional<WriteOutcome>>> find_duplicate(
        const Conversation& conversation, CallContext context
    ) = 0;

    /// Saves the conversation, its chunks, their embeddings and the answer in one transaction:
    /// after a crash all of it is there, or none. Once this returns, the data is on disk and the
    /// next search finds it. If the same content is already there, nothing is written but the
    /// answer (`duplicate`). A repeated key gives the first answer again (`replayed`).
    /// `key_reused`: the key was used before with another body.
    virtual Task<Result<WriteAnswer>> save(
        NewConversation conversation, WriteContext write, CallContext context
    ) = 0;

    /// Saves an answer alone: of a duplicate found by `find_duplicate`, whose key must still be
    /// used up. Without keys it writes nothing. `not_found`: that conversation is gone meanwhile.
    virtual Task<Result<WriteAnswer>> save_duplicate(
        WriteOutcome outcome, WriteContext write, CallContext context
    ) = 0;

    /// Appends to a conversation, alike. `not_found`: no such conversation. `invalid_argument`: it
    /// would hold more than `messages_max` messages.
    virtual Task<Result<WriteAnswer>> append(
        NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
    ) = 0;

    /// Deletes a conversation with all that belongs to it, alike. `not_found`.
    virtual Task<Result<WriteAnswer>> remove(
        ConversationId id, WriteContext write, CallContext context
    ) = 0;

    /// The chunks that pass the filter and match by words or by embedding (the best
    /// `query.pool_size` of each, exactly those that exhaustive scoring gives, ties in chunk
    /// order), the chunk before and after each where that passes the filter too, and every signal
    /// that `rank` needs. Counts (idf, mean length) are over all that is stored, filter or not.
    virtual Task<Result<CandidateSet>> candidates(ChunkQuery query, CallContext context) = 0;

    /// The chunks, in the order of `ids`; one that is gone meanwhile is left out.
    /// `context_messages`: messages wanted before and after each. From the chunk on whose context
    /// would bring them all over `bytes_max` (see `read_bytes`), no chunk has any.
    virtual Task<Result<std::vector<LoadedChunk>>> load(
        std::vector<ChunkId> ids,
        std::size_t context_messages,
        std::size_t bytes_max,
        CallContext context
    ) = 0;

    virtual Task<Result<ConversationPage>> list(ListQuery query, CallContext context) = 0;

    /// `not_found`.
    virtual Task<Result<ConversationSummary>> get(ConversationId id, CallContext context) = 0;

    /// All chunks of a conversation in order. `not_found`. `too_large`: their text is more than
    /// `bytes_max`.
    virtual Task<Result<std::vector<StoredChunk>>> chunks(
        ConversationId id, std::size_t bytes_max, CallContext context
    ) = 0;

    /// The messages of the range, those that exist. `not_found`: no such conversation.
    /// `too_large`: they are more than `bytes_max` (see `read_bytes`).
    virtual Task<Result<std::vector<StoredMessage>>> messages(
        ConversationId id, MessageRange range, std::size_t bytes_max, CallContext context
    ) = 0;

    /// Tells the space of the vectors that come; a space never seen before is added. Vectors of
    /// other spaces stay, and are not searched.
    virtual Task<Result<void>> use_space(EmbeddingSpace space, CallContext context) = 0;

    virtual Task<Result<StoreCounts>> counts(CallContext context) = 0;
    virtual Task<Result<VerifyReport>> verify(CallContext context) = 0;

    /// Never blocks; at most 2 s old.
    virtual StoreStatus status() const = 0;
};

}  // namespace rag
