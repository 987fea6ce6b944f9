#include "application/append_messages.hpp"

#include <utility>

#include "fingerprint_work.hpp"
#include "prepare_chunks.hpp"
#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kEvent{
    .logger = "app.application.append_messages",
    .done = "Messages appended successfully",
    .failed = "Messages could not be appended",
};

}  // namespace

AppendMessages::AppendMessages(
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

Task<Result<WriteAnswer>> AppendMessages::run(
    ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
) {
    const Stopwatch watch;
    Result<WriteAnswer> answer =
        co_await this->write(id, std::move(messages), std::move(write), context);
    log_write(telemetry_, kEvent, answer, context, watch);
    co_return answer;
}

Task<Result<WriteAnswer>> AppendMessages::write(
    ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
) {
    if (Result<void> valid = validate(messages, tools_.conversation_limits); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    Result<IdempotencyGate::Pass> pass = gate_.enter(context.tenant(), write.keys);
    if (!pass) co_return tl::unexpected<Error>(std::move(pass.error()));

    // The answer first: a repeated append to a conversation that was deleted since is still known.
    if (!write.keys.empty()) {
        Result<KnownWrite> known = co_await repository_.find_known(write, std::nullopt, context);
        if (!known) co_return tl::unexpected<Error>(std::move(known.error()));
        if (known->answer) co_return std::move(*known->answer);
    }
    Result<ConversationSummary> exists = co_await repository_.get(id, context);
    if (!exists) co_return tl::unexpected<Error>(std::move(exists.error()));
    // Only spares the work of embedding; `append` decides, inside its transaction.
    const std::size_t messages_max = tools_.conversation_limits.messages_max;
    if (static_cast<std::size_t>(exists->message_count) + messages.size() > messages_max) {
        co_return fail(
            ErrorCode::invalid_argument,
            "The conversation would hold more messages than are allowed.",
            "/messages"
        );
    }

    ChunkPreparation preparation{
        embeddings_,
        telemetry_,
        work_pool_,
        tools_,
        EmbeddingCaller{kEvent.logger, context.trace.id}};
    Result<PreparedMessages> prepared =
        co_await prepare_chunks(std::move(messages), std::move(preparation), context);
    if (!prepared) co_return tl::unexpected<Error>(std::move(prepared.error()));

    Conversation content;
    content.messages = std::move(prepared->messages);
    Result<Fingerprinted> grown =
        co_await make_fingerprint(work_pool_, std::move(content), exists->fingerprint, context);
    if (!grown) co_return tl::unexpected<Error>(std::move(grown.error()));

    NewMessages made;
    made.conversation_id = id;
    made.messages = std::move(grown->content.messages);
    made.chunks = std::move(prepared->chunks);
    made.fingerprint_before = exists->fingerprint;
    made.fingerprint_after = grown->fingerprint;
    co_return co_await repository_.append(std::move(made), messages_max, std::move(write), context);
}

}  // namespace rag
