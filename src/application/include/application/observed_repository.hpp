#pragma once

#include "application/ports/conversation_repository.hpp"
#include "application/ports/telemetry.hpp"

namespace rag {

/// Any store, each of its calls under a `PortCall`: stores need not time themselves. Both outlive
/// it.
class ObservedRepository final : public ConversationRepository {
public:
    ObservedRepository(ConversationRepository& store, Telemetry& telemetry)
        : store_(store), telemetry_(telemetry) {}

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
    SearchPromise search_promise() const override { return store_.search_promise(); }
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
    bool is_embedded(const TenantId& tenant) const override { return store_.is_embedded(tenant); }
    StoreStatus status() const override { return store_.status(); }

private:
    ConversationRepository& store_;
    Telemetry& telemetry_;
};

}  // namespace rag
