#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "application/call_context.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/task.hpp"
#include "domain/correction.hpp"
#include "domain/limits.hpp"
#include "domain/nearest_values.hpp"
#include "domain/search.hpp"
#include "encoding/digest.hpp"

namespace rag {

/// Who repeats a write: a client with its `Idempotency-Key`, or a process that forwards it to the
/// owner and must not do it twice when the owner changes in between.
struct WriteKey {
    enum class Scope : std::uint8_t { client, forward };
    Scope scope = Scope::client;
    std::string key;
    friend bool operator==(const WriteKey&, const WriteKey&) = default;
};

/// What a write did: what is kept for its keys, and answered to whoever repeats it.
struct WriteOutcome {
    ConversationId conversation_id;
    bool duplicate = false;  // No message was written, for all were there.
    bool updated = false;    // What was said otherwise of header or messages was taken over.
    bool extended = false;   // A known conversation has grown by what it had not.
    bool replaced = false;   // Other messages stand in place of those of a known conversation.
    std::int64_t messages_known = 0;  // Left out of an append, because they were there.
    std::int64_t messages_written = 0;
    std::int64_t chunks_written = 0;
    std::int64_t messages_total = 0;
    std::int64_t chunks_total = 0;
    std::int64_t chunks_deleted = 0;  // Of a delete.
    ConversationHeader header;        // Of a repeated one without metadata.
    Timestamp created_at;
    Timestamp first_message_at;
    Timestamp last_message_at;
    /// Places in what was sent of those messages, ascending: found by their terms and by their
    /// beginning.
    std::vector<std::int64_t> messages_without_words;
};

/// An answer that the version before has kept as the text it gave, and that says too little to be
/// an outcome. It is repeated as it stands; a day after the change there is none left.
struct FormerAnswer {
    int code = 0;
    std::string text;
};

struct WriteAnswer {
    WriteOutcome outcome;
    bool replayed = false;               // It is the outcome of the first time.
    std::optional<FormerAnswer> former;  // In place of the outcome.
    /// Nothing was written, and there is no outcome: what the caller had looked up is not so any
    /// more. It looks again.
    bool stale = false;
};

/// What makes a write repeatable.
struct WriteContext {
    std::vector<WriteKey> keys;         // None, one or both scopes.
    encoding::Digest request_digest{};  // Of all that was asked for; compared for `keys`.
    /// As the version before made it, where that was otherwise: its records hold such a one.
    std::optional<encoding::Digest> former_digest;
};

struct NewConversation {
    Conversation conversation;
    std::vector<NewChunk> chunks;    // Indices count from this conversation's first message.
    encoding::Digest fingerprint{};  // Of the conversation (application/fingerprint.hpp).
    std::vector<std::int64_t> messages_without_words;  // For the outcome.
};

struct NewMessages {
    ConversationId conversation_id;
    std::vector<Message> messages;
    std::vector<NewChunk> chunks;  // Indices count from the first of `messages`.
    /// Fingerprint of the conversation before them, as it was looked up, and with them. Where
    /// others have appended meanwhile, the store extends the one that it finds.
    encoding::Digest fingerprint_before{};
    encoding::Digest fingerprint_after{};
    std::vector<std::int64_t> messages_without_words;  // For the outcome.
};

/// A stored message of which something else than its author, type and content is said now.
struct ChangedMessage {
    std::int64_t index = 0;  // From 0.
    Message message;         // Whole.
};

/// What is to become of a stored conversation, made from what was looked up of it.
struct ConversationChange {
    ConversationId conversation_id;
    encoding::Digest fingerprint_before{};  // As looked up.
    encoding::Digest fingerprint_after{};
    std::optional<CorrectedHeader> header;  // nullopt: stays. Its `external_id` stays always.
    std::vector<ChangedMessage> changed;    // Of those that stay.
    bool replaces = false;                  // No message stays.
    std::vector<Message> messages;          // Behind those that stay.
    std::vector<NewChunk> chunks;           // Of them; indices count from the first of `messages`.
    /// The flags that the answer has, and `messages_without_words`; ids, counts and the rest are
    /// filled.
    WriteOutcome outcome;
};

struct ConversationSummary {
    ConversationId id;
    ConversationHeader header;
    Timestamp created_at;
    std::int64_t message_count = 0;
    std::int64_t chunk_count = 0;
    encoding::Digest fingerprint{};  // Of all that it holds.
    /// Of its messages; one without a time counts with the time it was stored.
    Timestamp first_message_at = {};
    Timestamp last_message_at = {};
    Corrections corrections = {};
};

/// What is known of a write before it is done.
struct KnownWrite {
    std::optional<WriteAnswer> answer;      // Stored for one of its keys.
    std::optional<WriteOutcome> duplicate;  // If there is no answer: the conversation it repeats.
    /// If there is no answer: the conversation that its sender calls by the same `external_id`.
    std::optional<ConversationSummary> named = std::nullopt;
};

/// What `find_known` looks for besides the keys.
struct SoughtConversation {
    encoding::Digest fingerprint{};
    std::optional<std::string> external_id;
};

struct StoredMessage {
    std::int64_t index = 0;  // From 0.
    Message message;
    Timestamp stored_at = {};
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

/// A conversation's place in a list.
struct ListPlace {
    Timestamp time;  // By which the list goes.
    ConversationId id;
};

struct ListQuery {
    Filter filter;  // A conversation matches if one of its messages does.
    std::optional<std::string> external_id = std::nullopt;  // Its own.
    std::int64_t skip = 0;
    std::size_t limit = limits::kRowsDefault;
    ListOrder order = ListOrder::activity;
    std::optional<ListPlace> after = std::nullopt;  // How pages continue.
};

struct ConversationPage {
    std::vector<ConversationSummary> conversations;  // In the order that was asked for.
    bool more = false;
};

struct StoreCounts {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t chunks = 0;
    std::int64_t chunks_without_embedding = 0;  // In the current space.
};

/// How the store is, as last looked at: for health and metrics, so of all tenants together.
struct StoreStatus {
    enum class State : std::uint8_t { starting, healthy, nearly_full, failed };
    State state = State::starting;
    double latency_ms = 0;
    std::string error;  // May be shown to clients.
    std::string work;   // What is being done while it is starting, if that takes long.
    std::int64_t chunks_without_embedding = 0;  // In the current space: found by words only.
    std::int64_t wal_bytes = 0;
    std::int64_t connections_open = 0;
    std::int64_t connections_max = 0;
    std::int64_t connections_in_use = 0;
    std::int64_t waiters = 0;
    std::int64_t conversations = 0;
    std::int64_t chunks = 0;
};

/// What `verify` found, of all tenants. Empty problems: the store is whole.
struct VerifyReport {
    StoreCounts counts;
    std::vector<std::string> problems;  // At most `limits::kRowsMax`, then how many more.
};

/// How many of the best by words, and of those by vector, that exhaustive scoring gives under the
/// filter a store's search finds, over many questions. What it finds is measured right in any case,
/// and ranks are among what was found.
struct SearchPromise {
    double recall = 1;  // At least this share. 1: exactly those, ties in chunk order.
    bool is_exact() const { return recall >= 1; }
};

/// Keeps conversations and finds their chunks. Thread-safe.
/// Every call is on behalf of its context's tenant, and nothing of another one is read, counted,
/// found, repeated or weighed (idf, mean lengths) in it; ids are unique within a tenant. What is
/// about the store itself says so: `use_space`, `session_key`, `verify`, `status`.
/// Any call may answer `unavailable` (backend down or still opening) or `timeout` (deadline
/// passed); a write also `no_space`. Every implementation passes
/// tests/contract/conversation_repository_contract.hpp.
class ConversationRepository {
public:
    virtual ~ConversationRepository() = default;

    /// The stored answer to a write that was done with one of these keys before
    /// (limits::kAnswersKept), else the stored conversation of that fingerprint (lowest id) and
    /// that of that `external_id`, so that none need be chunked and embedded first. `key_reused`:
    /// the key was used for another request. Remembers nothing: the writes look again.
    virtual Task<Result<KnownWrite>> find_known(
        WriteContext write, std::optional<SoughtConversation> sought, CallContext context
    ) = 0;

    /// Saves the conversation, its chunks, their embeddings and the outcome in one transaction:
    /// after a crash all of it is there, or none. Once this returns, the data is on disk and the
    /// next search finds it. If the same content is already there, nothing is written but the
    /// outcome (`duplicate`). If there is another one of its `external_id`, the answer is `stale`.
    /// A repeated key gives the first outcome again (`replayed`).
    /// `key_reused`: the key was used before for another request.
    virtual Task<Result<WriteAnswer>> save(
        NewConversation conversation, WriteContext write, CallContext context
    ) = 0;

    /// Saves an outcome alone: of a duplicate that `find_known` found, whose key must still be
    /// used up. Without keys it writes nothing. `not_found`: that conversation is gone meanwhile.
    virtual Task<Result<WriteAnswer>> save_duplicate(
        WriteOutcome outcome, WriteContext write, CallContext context
    ) = 0;

    /// Appends to a conversation, alike. `not_found`: no such conversation. `invalid_argument`: it
    /// would hold more than `messages_max` messages.
    virtual Task<Result<WriteAnswer>> append(
        NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
    ) = 0;

    /// Changes a conversation, alike; `stale` unless it still has the fingerprint that was looked
    /// up, or where it is gone. The next search goes by its new header, times and messages.
    virtual Task<Result<WriteAnswer>> change(
        ConversationChange change, WriteContext write, CallContext context
    ) = 0;

    /// Deletes a conversation with all that belongs to it, alike. `not_found`.
    virtual Task<Result<WriteAnswer>> remove(
        ConversationId id, WriteContext write, CallContext context
    ) = 0;

    /// The chunks that pass the filter and match by words or by embedding (the best
    /// `query.pool_size` of each, as far as `search_promise` goes), the chunk before and after each
    /// where that passes the filter too, and every signal that `rank` needs. What is a candidate
    /// and what its signals mean is the same for every store: it fetches chunks and leaves the rest
    /// to domain/candidate_assembly.hpp. Counts (idf, mean length) are over all that is stored,
    /// filter or not.
    virtual Task<Result<CandidateSet>> candidates(ChunkQuery query, CallContext context) = 0;

    /// What `candidates` keeps to; the contract suite checks this one.
    virtual SearchPromise search_promise() const = 0;

    /// The chunks, in the order of `ids`; one that is gone meanwhile is left out.
    /// `context_messages`: messages wanted before and after each. From the chunk on whose context
    /// would bring them all over `bytes_max` (see `read_bytes`), no chunk has any.
    virtual Task<Result<std::vector<LoadedChunk>>> load(
        std::vector<ChunkId> ids,
        std::size_t context_messages,
        std::size_t bytes_max,
        CallContext context
    ) = 0;

    /// The first chunks that pass the filter.
    virtual Task<Result<std::vector<ChunkPlace>>> timeline(
        TimelineQuery query, CallContext context
    ) = 0;

    /// For each text of the filter whose value no chunk has: the stored values that are most like
    /// it (`nearest_values`), of `kNearestOfMax`.
    virtual Task<Result<std::vector<FilterHint>>> filter_hints(
        Filter filter, CallContext context
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

    /// Tells the space of the vectors that come, of all tenants; a space never seen before is
    /// added. Vectors of other spaces stay, and are not searched.
    virtual Task<Result<void>> use_space(EmbeddingSpace space, CallContext context) = 0;

    virtual Task<Result<StoreCounts>> counts(CallContext context) = 0;
    /// The store's secret that session ids are signed with: every process that serves the store
    /// takes the ids of every other.
    virtual Task<Result<encoding::Digest>> session_key(CallContext context) = 0;

    /// Looks through the whole store, whoever asks.
    virtual Task<Result<VerifyReport>> verify(CallContext context) = 0;

    /// Whether all chunks of the tenant have a vector in the current space; else a search by
    /// vectors is not whole. Never blocks.
    virtual bool is_embedded(const TenantId& tenant) const = 0;
    /// Never blocks; at most 2 s old.
    virtual StoreStatus status() const = 0;
};

}  // namespace rag
