#pragma once

#include <string_view>

#include "infrastructure/pool.hpp"
#include "readers.hpp"
#include "sqlite/factory.hpp"
#include "writer.hpp"

namespace rag::sqlite {

/// The port over one file: writes go through the writing connection, reads through a few others,
/// searches through the index in memory.
class SqliteConversationRepository final : public ConversationRepository {
public:
    SqliteConversationRepository(SqliteOptions options, Telemetry& telemetry);

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
    SearchPromise search_promise() const override { return {}; }  // Exact.
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

private:
    /// A read on a connection.
    template <class Work>
    Task<std::invoke_result_t<Work&, TenantConnection&>> read(Work work, CallContext context);
    /// A write of about so many bytes; `no_space` on a nearly full disk.
    template <class Work>
    Task<std::invoke_result_t<Work&, WriteSession&>> write(
        std::size_t bytes, Work work, CallContext context
    );
    /// What the writer will bind, made before it is queued; much of it on the work pool.
    template <class Prepared, class Raw>
    Task<Result<Prepared>> prepared(Raw raw, CallContext context);

    SqliteOptions options_;
    StoreCondition condition_;
    std::unique_ptr<Deadlines> own_deadlines_;  // Only where none were given.
    Deadlines& deadlines_;
    // Closed in the opposite order: the writer last, for it moves the log into the store.
    Writer writer_;
    Readers readers_;
    BoundedPool searches_;
};

/// The connection's options for the store in the data folder.
ConnectionOptions connection_options(const SqliteOptions& options, OpenMode mode);

}  // namespace rag::sqlite
