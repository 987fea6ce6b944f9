#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"

namespace rag::test {

/// Keeps everything in memory, by the same contract as the real ones, and finds it by the plainest
/// loops. It can be made to fail, call by call. Thread-safe.
class FakeConversationRepository final : public ConversationRepository {
public:
    FakeConversationRepository();
    ~FakeConversationRepository() override;

    Task<Result<KnownWrite>> find_known(
        WriteContext write, std::optional<SoughtConversation> sought, CallContext context
    ) override;
    Task<Result<WriteAnswer>> save(
        NewConversation conversation, WriteContext write, CallContext context
    ) override;
    Task<Result<WriteAnswer>> save_duplicate(
        WriteOutcome outcome, WriteContext write, CallContext context
    ) override;
    Task<Result<WriteAnswer>> append(
        NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
    ) override;
    Task<Result<WriteAnswer>> change(
        ConversationChange change, WriteContext write, CallContext context
    ) override;
    Task<Result<WriteAnswer>> remove(ConversationId id, WriteContext write, CallContext context)
        override;
    Task<Result<CandidateSet>> candidates(ChunkQuery query, CallContext context) override;
    SearchPromise search_promise() const override;
    Task<Result<std::vector<LoadedChunk>>> load(
        std::vector<ChunkId> ids,
        std::size_t context_messages,
        std::size_t bytes_max,
        CallContext context
    ) override;
    Task<Result<std::vector<ChunkPlace>>> timeline(TimelineQuery query, CallContext context)
        override;
    Task<Result<std::vector<FilterHint>>> filter_hints(Filter filter, CallContext context) override;
    Task<Result<ConversationPage>> list(ListQuery query, CallContext context) override;
    Task<Result<ConversationSummary>> get(ConversationId id, CallContext context) override;
    Task<Result<std::vector<StoredChunk>>> chunks(
        ConversationId id, std::size_t bytes_max, CallContext context
    ) override;
    Task<Result<std::vector<StoredMessage>>> messages(
        ConversationId id, MessageRange range, std::size_t bytes_max, CallContext context
    ) override;
    Task<Result<void>> use_space(EmbeddingSpace space, CallContext context) override;
    Task<Result<StoreCounts>> counts(CallContext context) override;
    Task<Result<encoding::Digest>> session_key(CallContext context) override;
    Task<Result<VerifyReport>> verify(CallContext context) override;
    bool is_embedded(const TenantId& tenant) const override;
    StoreStatus status() const override;

    /// The named call ("save", "candidates", ...) fails from now on.
    void fail_with(const std::string& call, ErrorCode code);
    void recover();
    /// Runs an action, once, before the named call does its work: what others do meanwhile.
    void before(const std::string& call, std::function<void()> action);
    /// How often a call came.
    int calls(const std::string& call) const;
    void set_status(StoreStatus status);
    /// Moves the clock by which answers grow old.
    void pass_time(std::chrono::milliseconds time);

    /// Reads go by this bound where theirs is larger, so that a test needs no large text.
    void bound_reads(std::size_t bytes_max);

    /// What came with the named call when it came last.
    CallContext last_context(const std::string& call) const;

    /// Searches overlook each so-many-th of the best, as those of an approximate index do, and
    /// promise this.
    void overlook_each(std::size_t nth, SearchPromise promise);

    /// The query that `candidates` got last.
    ChunkQuery last_query() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rag::test
