#include "application/append_messages.hpp"

#include <algorithm>
#include <utility>

#include "fingerprint_work.hpp"
#include "known_conversation.hpp"
#include "prepare_chunks.hpp"
#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kEvent{
    .logger = "app.application.append_messages",
    .done = "Messages appended successfully",
    .failed = "Messages could not be appended",
};

/// How often a conversation is looked up anew because others have changed it meanwhile.
constexpr int kAttemptsMax = 16;

/// From places among the messages that are not `known` to places among all.
std::vector<std::int64_t> places_as_sent(
    std::vector<std::int64_t> places, const std::vector<bool>& known
) {
    std::vector<std::int64_t> sent;  // Of each message that is not known.
    for (std::size_t place = 0; place < known.size(); ++place) {
        if (!known[place]) sent.push_back(static_cast<std::int64_t>(place));
    }
    for (std::int64_t& place : places) place = sent[static_cast<std::size_t>(place)];
    return places;
}

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
    // Messages with ids of their own may be known: which are is looked up, so it must still be so.
    const bool named =
        std::ranges::any_of(messages, [](const Message& one) { return !!one.external_id; });
    for (int attempts = kAttemptsMax; named && attempts > 1; --attempts) {
        Result<WriteAnswer> answer = co_await attempt(id, messages, write, context);
        if (!answer || !answer->stale) co_return answer;
    }
    Result<WriteAnswer> answer =
        co_await attempt(id, std::move(messages), std::move(write), context);
    if (answer && answer->stale) {
        co_return fail(ErrorCode::overloaded, "Others keep changing this conversation.");
    }
    co_return answer;
}

Task<Result<WriteAnswer>> AppendMessages::attempt(
    ConversationId id, std::vector<Message> messages, WriteContext write, CallContext context
) {
    Result<ConversationSummary> exists = co_await repository_.get(id, context);
    if (!exists) co_return tl::unexpected<Error>(std::move(exists.error()));

    const KnownConversation conversation(repository_, work_pool_, *exists);
    Result<std::vector<bool>> known = co_await conversation.has_external_ids(messages, context);
    if (!known) co_return tl::unexpected<Error>(std::move(known.error()));
    const std::int64_t messages_known = std::ranges::count(*known, true);
    const bool named =
        std::ranges::any_of(messages, [](const Message& one) { return !!one.external_id; });
    std::size_t place = 0;
    std::erase_if(messages, [&](const Message&) { return (*known)[place++]; });

    // Only spares the work of embedding; the write decides, inside its transaction.
    const std::size_t messages_max = tools_.conversation_limits.messages_max;
    if (static_cast<std::size_t>(exists->message_count) + messages.size() > messages_max) {
        co_return fail(
            ErrorCode::invalid_argument,
            "The conversation would hold more messages than are allowed.",
            "/messages"
        );
    }
    Result<NewMessages> made = co_await prepare(std::move(*exists), std::move(messages), context);
    if (!made) co_return tl::unexpected<Error>(std::move(made.error()));
    made->messages_without_words = places_as_sent(std::move(made->messages_without_words), *known);
    if (!named) {
        co_return co_await repository_.append(
            std::move(*made), messages_max, std::move(write), context
        );
    }
    ConversationChange change;
    change.conversation_id = id;
    change.fingerprint_before = made->fingerprint_before;
    change.fingerprint_after = made->fingerprint_after;
    change.messages = std::move(made->messages);
    change.chunks = std::move(made->chunks);
    change.outcome.messages_known = messages_known;
    change.outcome.messages_without_words = std::move(made->messages_without_words);
    co_return co_await repository_.change(std::move(change), std::move(write), context);
}

/// Cuts, embeds and fingerprints what is to be appended.
Task<Result<NewMessages>> AppendMessages::prepare(
    ConversationSummary to, std::vector<Message> messages, CallContext context
) {
    NewMessages made;
    made.conversation_id = to.id;
    made.fingerprint_before = to.fingerprint;
    made.fingerprint_after = to.fingerprint;
    if (messages.empty()) co_return made;  // All were known.

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
        co_await make_fingerprint(work_pool_, std::move(content), to.fingerprint, context);
    if (!grown) co_return tl::unexpected<Error>(std::move(grown.error()));
    made.messages = std::move(grown->content.messages);
    made.chunks = std::move(prepared->chunks);
    made.fingerprint_after = grown->fingerprint;
    made.messages_without_words = std::move(prepared->without_words);
    co_return made;
}

}  // namespace rag
