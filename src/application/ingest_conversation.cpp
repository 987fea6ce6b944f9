#include "application/ingest_conversation.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "application/fingerprint.hpp"
#include "fingerprint_work.hpp"
#include "known_conversation.hpp"
#include "prepare_chunks.hpp"
#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kEvent{
    .logger = "app.application.ingest_conversation",
    .done = "Conversation ingested successfully",
    .failed = "Conversation could not be ingested",
};

/// How often a known conversation is looked up anew because others have changed it meanwhile.
constexpr int kAttemptsMax = 16;

tl::unexpected<Error> known_already(ConversationId id) {
    return fail(
        ErrorCode::already_exists,
        "is known: it is conversation " + std::to_string(id.value),
        "/external_id"
    );
}

tl::unexpected<Error> differs(std::size_t message) {
    return fail(
        ErrorCode::already_exists,
        "is another message than the stored one; if_exists=replace puts what was sent in place of "
        "what is stored, if_exists=new stores it as another conversation",
        "/messages/" + std::to_string(message)
    );
}

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
    Conversation conversation, WriteContext write, CallContext context, IfExists if_exists
) {
    const Stopwatch watch;
    Result<WriteAnswer> answer =
        co_await this->write(std::move(conversation), if_exists, std::move(write), context);
    telemetry_.count("ingest_conversations_total", {write_status(answer)});
    telemetry_.observe("ingest_duration_seconds", {}, watch.seconds());
    log_write(telemetry_, kEvent, answer, context, watch);
    co_return answer;
}

Task<Result<WriteAnswer>> IngestConversation::write(
    Conversation conversation, IfExists if_exists, WriteContext write, CallContext context
) {
    if (Result<void> valid = validate(conversation, tools_.conversation_limits); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    const bool named = conversation.header.external_id.has_value();
    if (!named && (if_exists == IfExists::replace || if_exists == IfExists::refuse)) {
        co_return fail(
            ErrorCode::invalid_argument,
            "needs an external_id, by which the conversation is known",
            "/if_exists"
        );
    }
    Result<IdempotencyGate::Pass> pass = gate_.enter(context.tenant(), write.keys);
    if (!pass) co_return tl::unexpected<Error>(std::move(pass.error()));

    // Only one that others may write meanwhile is needed a second time.
    for (int attempts = kAttemptsMax; named && attempts > 1; --attempts) {
        Result<WriteAnswer> answer = co_await attempt(conversation, if_exists, write, context);
        if (!answer || !answer->stale) co_return answer;
    }
    Result<WriteAnswer> answer =
        co_await attempt(std::move(conversation), if_exists, std::move(write), context);
    if (answer && answer->stale) {
        co_return fail(ErrorCode::overloaded, "Others keep changing this conversation.");
    }
    co_return answer;
}

Task<Result<WriteAnswer>> IngestConversation::attempt(
    Conversation conversation, IfExists if_exists, WriteContext write, CallContext context
) {
    Result<Fingerprinted> made =
        co_await make_fingerprint(work_pool_, std::move(conversation), std::nullopt, context);
    if (!made) co_return tl::unexpected<Error>(std::move(made.error()));

    // Only spares the work of embedding; the write decides, inside its transaction.
    SoughtConversation sought{made->fingerprint, made->content.header.external_id};
    Result<KnownWrite> known = co_await repository_.find_known(write, std::move(sought), context);
    if (!known) co_return tl::unexpected<Error>(std::move(known.error()));
    if (known->answer) co_return std::move(*known->answer);
    if (known->named) {
        co_return co_await store_again(
            std::move(*known->named), std::move(*made), if_exists, std::move(write), context
        );
    }
    if (known->duplicate) {
        Result<WriteAnswer> answer =
            co_await repository_.save_duplicate(std::move(*known->duplicate), write, context);
        const bool gone = !answer && answer.error().code == ErrorCode::not_found;
        if (!gone) co_return answer;
    }
    co_return co_await store(std::move(*made), std::move(write), context);
}

Task<Result<WriteAnswer>> IngestConversation::store(
    Fingerprinted made, WriteContext write, CallContext context
) {
    ChunkPreparation preparation{
        embeddings_,
        telemetry_,
        work_pool_,
        tools_,
        EmbeddingCaller{kEvent.logger, context.trace.id}};
    Result<PreparedMessages> prepared =
        co_await prepare_chunks(std::move(made.content.messages), std::move(preparation), context);
    if (!prepared) co_return tl::unexpected<Error>(std::move(prepared.error()));

    NewConversation stored;
    stored.conversation = std::move(made.content);
    stored.conversation.messages = std::move(prepared->messages);
    stored.chunks = std::move(prepared->chunks);
    stored.fingerprint = made.fingerprint;
    stored.messages_without_words = std::move(prepared->without_words);
    co_return co_await repository_.save(std::move(stored), std::move(write), context);
}

/// Of one that is known by its `external_id`.
Task<Result<WriteAnswer>> IngestConversation::store_again(
    ConversationSummary found,
    Fingerprinted made,
    IfExists if_exists,
    WriteContext write,
    CallContext context
) {
    if (if_exists == IfExists::refuse) co_return known_already(found.id);
    found.header.metadata = with_canonical_form(std::move(found.header.metadata));
    const KnownConversation known(repository_, work_pool_, std::move(found));
    std::vector<Message>& sent = made.content.messages;
    Result<Comparison> compared = co_await known.compare(sent, context);
    if (!compared) co_return tl::unexpected<Error>(std::move(compared.error()));
    if (compared->differs && if_exists == IfExists::extend) co_return differs(*compared->differs);
    if (compared->differs && if_exists == IfExists::keep_both) {
        Conversation other = std::move(made.content);
        other.header.external_id.reset();
        co_return co_await attempt(std::move(other), if_exists, std::move(write), context);
    }

    ConversationChange change;
    change.conversation_id = known.found().id;
    change.fingerprint_before = known.found().fingerprint;
    CorrectedHeader header =
        said_again(known.found().header, known.found().corrections, made.content.header);
    change.replaces = compared->differs.has_value();
    if (!change.replaces) change.changed = std::move(compared->changed);
    change.outcome.replaced = change.replaces;
    change.outcome.updated = !change.replaces && (header.changed || !change.changed.empty());

    const auto stays = change.replaces ? 0 : static_cast<std::size_t>(known.found().message_count);
    const std::size_t left_out = std::min(stays, sent.size());
    sent.erase(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(left_out));
    change.outcome.extended = !change.replaces && !sent.empty();
    change.outcome.duplicate = !change.replaces && sent.empty();

    Result<encoding::Digest> stored = known.found().fingerprint;
    if (change.replaces) {
        stored = fingerprint(header.header);
    } else if (change.outcome.updated) {
        stored = co_await known.fingerprint_with(header.header, change.changed, context);
    }
    if (!stored) co_return tl::unexpected<Error>(std::move(stored.error()));
    change.fingerprint_after = *stored;
    if (header.changed) change.header = std::move(header);
    AddedMessages added{std::move(sent), static_cast<std::int64_t>(left_out)};
    co_return co_await this->change(std::move(change), std::move(added), std::move(write), context);
}

/// `change.fingerprint_after` is that of what stays; `added` comes behind it.
Task<Result<WriteAnswer>> IngestConversation::change(
    ConversationChange change, AddedMessages added, WriteContext write, CallContext context
) {
    if (added.messages.empty()) {
        co_return co_await repository_.change(std::move(change), std::move(write), context);
    }
    Conversation content;
    content.messages = std::move(added.messages);
    Result<Fingerprinted> grown = co_await make_fingerprint(
        work_pool_, std::move(content), change.fingerprint_after, context
    );
    if (!grown) co_return tl::unexpected<Error>(std::move(grown.error()));
    change.fingerprint_after = grown->fingerprint;

    ChunkPreparation preparation{
        embeddings_,
        telemetry_,
        work_pool_,
        tools_,
        EmbeddingCaller{kEvent.logger, context.trace.id}};
    Result<PreparedMessages> prepared = co_await prepare_chunks(
        std::move(grown->content.messages), std::move(preparation), context
    );
    if (!prepared) co_return tl::unexpected<Error>(std::move(prepared.error()));
    change.messages = std::move(prepared->messages);
    change.chunks = std::move(prepared->chunks);
    for (const std::int64_t place : prepared->without_words) {
        change.outcome.messages_without_words.push_back(added.first + place);
    }
    co_return co_await repository_.change(std::move(change), std::move(write), context);
}

}  // namespace rag
