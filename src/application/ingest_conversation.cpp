#include "application/ingest_conversation.hpp"

#include <utility>

#include "fingerprint_work.hpp"
#include "prepare_chunks.hpp"
#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kEvent{
    .logger = "app.application.ingest_conversation",
    .done = "Conversation ingested successfully",
    .failed = "Conversation could not be ingested",
};

}  // namespace

IngestConversation::IngestConversation(
    ConversationRepository& repository,
    EmbeddingProvider& embeddings,
    Telemetry& telemetry,
    WorkPool& work_pool,
    IdempotencyGate& gate,
    const ChunkingTools& tools
)
    : repository_(repository),
      embeddings_(embeddings),
      telemetry_(telemetry),
      work_pool_(work_pool),
      gate_(gate),
      tools_(tools) {}

Task<Result<WriteAnswer>> IngestConversation::run(
    Conversation conversation, WriteContext write, CallContext context
) {
    const Stopwatch watch;
    Result<WriteAnswer> answer =
        co_await this->write(std::move(conversation), std::move(write), context);
    telemetry_.count("ingest_conversations_total", {write_status(answer)});
    telemetry_.observe("ingest_duration_seconds", {}, watch.seconds());
    log_write(telemetry_, kEvent, answer, context, watch);
    co_return answer;
}

Task<Result<WriteAnswer>> IngestConversation::write(
    Conversation conversation, WriteContext write, CallContext context
) {
    if (Result<void> valid = validate(conversation, tools_.conversation_limits); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    Result<IdempotencyGate::Pass> pass = gate_.enter(context.tenant(), write.keys);
    if (!pass) co_return tl::unexpected<Error>(std::move(pass.error()));

    Result<Fingerprinted> made =
        co_await make_fingerprint(work_pool_, std::move(conversation), std::nullopt, context);
    if (!made) co_return tl::unexpected<Error>(std::move(made.error()));

    // Only spares the work of embedding; `save` decides, inside its transaction.
    Result<KnownWrite> known = co_await repository_.find_known(write, made->fingerprint, context);
    if (!known) co_return tl::unexpected<Error>(std::move(known.error()));
    if (known->answer) co_return std::move(*known->answer);
    if (known->duplicate) {
        Result<WriteAnswer> answer =
            co_await repository_.save_duplicate(std::move(*known->duplicate), write, context);
        const bool gone = !answer && answer.error().code == ErrorCode::not_found;
        if (!gone) co_return answer;
    }

    ChunkPreparation preparation{
        embeddings_,
        telemetry_,
        work_pool_,
        tools_,
        EmbeddingCaller{kEvent.logger, context.trace.id}};
    Result<PreparedMessages> prepared =
        co_await prepare_chunks(std::move(made->content.messages), std::move(preparation), context);
    if (!prepared) co_return tl::unexpected<Error>(std::move(prepared.error()));

    NewConversation stored;
    stored.conversation = std::move(made->content);
    stored.conversation.messages = std::move(prepared->messages);
    stored.chunks = std::move(prepared->chunks);
    stored.fingerprint = made->fingerprint;
    co_return co_await repository_.save(std::move(stored), std::move(write), context);
}

}  // namespace rag
