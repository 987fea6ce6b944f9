#include "application/update_conversation.hpp"

#include <utility>

#include "known_conversation.hpp"
#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kEvent{
    .logger = "app.application.update_conversation",
    .done = "Conversation updated successfully",
    .failed = "Conversation could not be updated",
};

/// How often it is looked up anew because others have changed it meanwhile.
constexpr int kAttemptsMax = 16;

/// The limits of a conversation's fields hold for what they are changed to.
Result<void> check(const HeaderPatch& patch, const ConversationLimits& limits) {
    if (!patch.scenario_title && !patch.original_title && !patch.url && !patch.metadata) {
        return fail(
            ErrorCode::invalid_argument,
            "must name at least one of scenario_title, original_title, url, metadata"
        );
    }
    ConversationHeader header;
    if (patch.scenario_title) header.scenario_title = *patch.scenario_title;
    if (patch.original_title) header.original_title = *patch.original_title;
    if (patch.url) header.url = *patch.url;
    return validate(header, limits);
}

}  // namespace

UpdateConversation::UpdateConversation(
    ConversationRepository& repository,
    Telemetry& telemetry,
    WorkPool& work_pool,
    IdempotencyGate& gate,
    const ConversationLimits& limits
)
    : repository_(repository),
      telemetry_(telemetry),
      work_pool_(work_pool),
      gate_(gate),
      limits_(limits) {}

Task<Result<WriteAnswer>> UpdateConversation::run(
    ConversationId id, HeaderPatch patch, WriteContext write, CallContext context
) {
    const Stopwatch watch;
    Result<WriteAnswer> answer =
        co_await this->write(id, std::move(patch), std::move(write), context);
    log_write(telemetry_, kEvent, answer, context, watch);
    co_return answer;
}

Task<Result<WriteAnswer>> UpdateConversation::write(
    ConversationId id, HeaderPatch patch, WriteContext write, CallContext context
) {
    if (Result<void> valid = check(patch, limits_); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    Result<IdempotencyGate::Pass> pass = gate_.enter(context.tenant(), write.keys);
    if (!pass) co_return tl::unexpected<Error>(std::move(pass.error()));

    for (int attempts = kAttemptsMax; attempts > 0; --attempts) {
        Result<WriteAnswer> answer = co_await attempt(id, patch, write, context);
        if (!answer || !answer->stale) co_return answer;
    }
    co_return fail(ErrorCode::overloaded, "Others keep changing this conversation.");
}

Task<Result<WriteAnswer>> UpdateConversation::attempt(
    ConversationId id, HeaderPatch patch, WriteContext write, CallContext context
) {
    Result<KnownWrite> before = co_await repository_.find_known(write, std::nullopt, context);
    if (!before) co_return tl::unexpected<Error>(std::move(before.error()));
    if (before->answer) co_return std::move(*before->answer);

    Result<ConversationSummary> found = co_await repository_.get(id, context);
    if (!found) co_return tl::unexpected<Error>(std::move(found.error()));
    found->header.metadata = with_canonical_form(std::move(found->header.metadata));

    ConversationChange change;
    change.conversation_id = id;
    change.fingerprint_before = found->fingerprint;
    change.fingerprint_after = found->fingerprint;
    CorrectedHeader header = corrected(found->header, found->corrections, patch);
    if (header.changed) {
        const KnownConversation known(repository_, work_pool_, std::move(*found));
        const std::vector<ChangedMessage> none;
        Result<encoding::Digest> after =
            co_await known.fingerprint_with(header.header, none, context);
        if (!after) co_return tl::unexpected<Error>(std::move(after.error()));
        change.fingerprint_after = *after;
        change.header = std::move(header);
    }
    change.outcome.updated = change.header.has_value();
    co_return co_await repository_.change(std::move(change), std::move(write), context);
}

}  // namespace rag
