#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag::test {

/// What FakeConversationRepository keeps, without threads, deadlines and made-up failures.
class MemoryStore {
public:
    Result<KnownWrite> find_known(
        const WriteContext& context, const std::optional<SoughtConversation>& sought
    ) const;
    Result<WriteAnswer> save(NewConversation conversation, const WriteContext& context);
    Result<WriteAnswer> save_duplicate(WriteOutcome outcome, const WriteContext& context);
    Result<WriteAnswer> append(NewMessages messages, std::size_t max, const WriteContext& context);
    Result<WriteAnswer> change(ConversationChange change, const WriteContext& context);
    Result<WriteAnswer> remove(ConversationId id, const WriteContext& context);

    CandidateSet candidates(const ChunkQuery& query) const;
    std::vector<LoadedChunk> load(
        const std::vector<ChunkId>& ids, std::size_t context, std::size_t bytes_max
    ) const;
    std::vector<ChunkPlace> timeline(const TimelineQuery& query) const;
    std::vector<FilterHint> filter_hints(const Filter& filter) const;
    ConversationPage list(const ListQuery& query) const;
    Result<ConversationSummary> get(ConversationId id) const;
    Result<std::vector<StoredChunk>> chunks(ConversationId id, std::size_t bytes_max) const;
    Result<std::vector<StoredMessage>> messages(
        ConversationId id, MessageRange range, std::size_t bytes_max
    ) const;
    void use_space(const EmbeddingSpace& space);
    StoreCounts counts() const;
    VerifyReport verify() const;
    void pass_time(std::chrono::milliseconds time) { passed_ += time; }
    /// Of the best of a search (support/plain_fetch.hpp); 0: none.
    void overlook_each(std::size_t nth) { overlook_each_ = nth; }

private:
    struct StoredNewChunk {
        ChunkId id;
        NewChunk data;
        std::size_t space;
    };
    struct Stored {
        ConversationHeader header;
        Timestamp created_at;
        Corrections corrections;
        std::vector<StoredMessage> messages;
        std::vector<StoredNewChunk> chunks;
        encoding::Digest fingerprint{};

        Timestamp time_of(const StoredMessage& message) const {
            return message.message.timestamp.value_or(message.stored_at);
        }
        std::vector<Message> plain_messages() const;
    };
    struct Answer {
        encoding::Digest digest;
        WriteOutcome outcome;
        Timestamp stored_at;
    };
    using Conversations = std::map<std::int64_t, Stored>;

    Timestamp now() const;
    Result<Conversations::const_iterator> find(ConversationId id) const;
    Result<std::optional<WriteAnswer>> find_answer(const WriteContext& context) const;
    std::optional<WriteOutcome> find_duplicate(const encoding::Digest& fingerprint) const;
    WriteOutcome outcome_of(std::int64_t id, const Stored& stored) const;
    void fill(WriteOutcome& outcome, std::int64_t id, const Stored& stored) const;
    ConversationSummary summary_of(std::int64_t id, const Stored& stored) const;
    std::optional<ConversationSummary> find_named(const std::optional<std::string>& name) const;
    void add_messages(Stored& stored, std::vector<Message> messages) const;
    void add_chunks(Stored& stored, std::vector<NewChunk> chunks, std::size_t first_message);
    WriteAnswer answer(WriteOutcome outcome, const WriteContext& context);
    bool has_vector(const StoredNewChunk& chunk) const;

    Conversations conversations_;
    std::map<std::pair<WriteKey::Scope, std::string>, Answer> answers_;
    std::vector<EmbeddingSpace> spaces_;
    std::size_t space_ = 0;
    std::int64_t last_conversation_ = 0;
    std::int64_t last_chunk_ = 0;
    std::chrono::milliseconds passed_{0};
    std::size_t overlook_each_ = 0;
};

}  // namespace rag::test
