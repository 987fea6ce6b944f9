#include "application/observed_repository.hpp"

#include <utility>

#include "application/port_call.hpp"

namespace rag {

Task<Result<KnownWrite>> ObservedRepository::find_known(
    WriteContext write, std::optional<SoughtConversation> sought, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "find_known", context);
    co_return co_await store_.find_known(std::move(write), std::move(sought), std::move(context));
}

Task<Result<WriteAnswer>> ObservedRepository::save(
    NewConversation conversation, WriteContext write, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "save", context);
    co_return co_await store_.save(std::move(conversation), std::move(write), std::move(context));
}

Task<Result<WriteAnswer>> ObservedRepository::save_duplicate(
    WriteOutcome outcome, WriteContext write, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "save_duplicate", context);
    co_return co_await store_.save_duplicate(
        std::move(outcome), std::move(write), std::move(context)
    );
}

Task<Result<WriteAnswer>> ObservedRepository::append(
    NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "append", context);
    co_return co_await store_.append(
        std::move(messages), messages_max, std::move(write), std::move(context)
    );
}

Task<Result<WriteAnswer>> ObservedRepository::change(
    ConversationChange change, WriteContext write, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "change", context);
    co_return co_await store_.change(std::move(change), std::move(write), std::move(context));
}

Task<Result<WriteAnswer>> ObservedRepository::remove(
    ConversationId id, WriteContext write, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "remove", context);
    co_return co_await store_.remove(id, std::move(write), std::move(context));
}

Task<Result<CandidateSet>> ObservedRepository::candidates(ChunkQuery query, CallContext context) {
    const PortCall call(telemetry_, Port::repository, "candidates", context);
    co_return co_await store_.candidates(std::move(query), std::move(context));
}

Task<Result<std::vector<LoadedChunk>>> ObservedRepository::load(
    std::vector<ChunkId> ids,
    std::size_t context_messages,
    std::size_t bytes_max,
    CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "load", context);
    co_return co_await store_.load(std::move(ids), context_messages, bytes_max, std::move(context));
}

Task<Result<std::vector<ChunkPlace>>> ObservedRepository::timeline(
    TimelineQuery query, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "timeline", context);
    co_return co_await store_.timeline(std::move(query), std::move(context));
}

Task<Result<std::vector<FilterHint>>> ObservedRepository::filter_hints(
    Filter filter, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "filter_hints", context);
    co_return co_await store_.filter_hints(std::move(filter), std::move(context));
}

Task<Result<ConversationPage>> ObservedRepository::list(ListQuery query, CallContext context) {
    const PortCall call(telemetry_, Port::repository, "list", context);
    co_return co_await store_.list(std::move(query), std::move(context));
}

Task<Result<ConversationSummary>> ObservedRepository::get(ConversationId id, CallContext context) {
    const PortCall call(telemetry_, Port::repository, "get", context);
    co_return co_await store_.get(id, std::move(context));
}

Task<Result<std::vector<StoredChunk>>> ObservedRepository::chunks(
    ConversationId id, std::size_t bytes_max, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "chunks", context);
    co_return co_await store_.chunks(id, bytes_max, std::move(context));
}

Task<Result<std::vector<StoredMessage>>> ObservedRepository::messages(
    ConversationId id, MessageRange range, std::size_t bytes_max, CallContext context
) {
    const PortCall call(telemetry_, Port::repository, "messages", context);
    co_return co_await store_.messages(id, range, bytes_max, std::move(context));
}

Task<Result<void>> ObservedRepository::use_space(EmbeddingSpace space, CallContext context) {
    const PortCall call(telemetry_, Port::repository, "use_space", context);
    co_return co_await store_.use_space(std::move(space), std::move(context));
}

Task<Result<StoreCounts>> ObservedRepository::counts(CallContext context) {
    const PortCall call(telemetry_, Port::repository, "counts", context);
    co_return co_await store_.counts(std::move(context));
}

Task<Result<encoding::Digest>> ObservedRepository::session_key(CallContext context) {
    const PortCall call(telemetry_, Port::repository, "session_key", context);
    co_return co_await store_.session_key(std::move(context));
}

Task<Result<VerifyReport>> ObservedRepository::verify(CallContext context) {
    const PortCall call(telemetry_, Port::repository, "verify", context);
    co_return co_await store_.verify(std::move(context));
}

}  // namespace rag
