#include "application/read_conversations.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "cursor.hpp"
#include "domain/limits.hpp"
#include "write_log.hpp"

namespace rag {
namespace {

constexpr WriteEvent kDeleteEvent{
    .logger = "app.application.delete_conversation",
    .done = "Conversation deleted successfully",
    .failed = "Conversation could not be deleted",
};

Result<void> validate(const ListRequest& request) {
    if (request.limit < 1 || request.limit > limits::kListLimitMax) {
        return fail(ErrorCode::invalid_argument, "limit must be between 1 and 100.", "/limit");
    }
    if (request.skip < 0) {
        return fail(ErrorCode::invalid_argument, "skip must not be negative.", "/skip");
    }
    return {};
}

ParameterDigest digest_of(const ListRequest& request) {
    // Does not compile with another number of fields: a new one must be digested too, else its
    // pages get mixed.
    const auto& [filter, skip, limit, cursor] = request;
    ParameterDigest digest("list");
    digest.add(filter);
    digest.add(static_cast<std::uint64_t>(skip));
    digest.add(std::uint64_t{limit});
    static_cast<void>(cursor);  // It names the page.
    return digest;
}

tl::unexpected<Error> too_large_at_once() {
    return fail(
        ErrorCode::too_large,
        "This is more than " + std::to_string(limits::kReadBytesMax >> 20) +
            " MiB; ask for a part of the messages with from and to.",
        "/from"
    );
}

}  // namespace

ListConversations::ListConversations(ConversationRepository& repository)
    : repository_(repository) {}

Task<Result<ListResponse>> ListConversations::run(ListRequest request, CallContext context) {
    if (Result<void> valid = validate(request); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    const ParameterDigest digest = digest_of(request);
    ListQuery query{request.filter, request.skip, request.limit, std::nullopt};
    if (request.cursor) {
        Result<std::uint64_t> place = read_cursor(*request.cursor, digest);
        if (!place) co_return tl::unexpected<Error>(std::move(place.error()));
        query.before = ConversationId{static_cast<std::int64_t>(*place)};
        query.skip = 0;  // The first page has skipped them.
    }

    Result<ConversationPage> page = co_await repository_.list(std::move(query), context);
    if (!page) co_return tl::unexpected<Error>(std::move(page.error()));

    ListResponse response{std::move(page->conversations), std::nullopt};
    if (page->more && !response.conversations.empty()) {
        const std::int64_t last = response.conversations.back().id.value;
        response.next_cursor = make_cursor(static_cast<std::uint64_t>(last), digest);
    }
    co_return response;
}

GetConversation::GetConversation(ConversationRepository& repository) : repository_(repository) {}

Task<Result<ConversationSummary>> GetConversation::summary(ConversationId id, CallContext context) {
    co_return co_await repository_.get(id, context);
}

Task<Result<ConversationWithChunks>> GetConversation::with_chunks(
    ConversationId id, CallContext context
) {
    Result<ConversationSummary> summary = co_await repository_.get(id, context);
    if (!summary) co_return tl::unexpected<Error>(std::move(summary.error()));

    Result<std::vector<StoredChunk>> chunks =
        co_await repository_.chunks(id, limits::kReadBytesMax, context);
    if (!chunks && chunks.error().code == ErrorCode::too_large) co_return too_large_at_once();
    if (!chunks) co_return tl::unexpected<Error>(std::move(chunks.error()));

    // An append between the two reads shows in the chunks; the header follows them.
    summary->chunk_count = static_cast<std::int64_t>(chunks->size());
    co_return ConversationWithChunks{std::move(*summary), std::move(*chunks)};
}

Task<Result<MessagePage>> GetConversation::messages(
    ConversationId id,
    std::optional<std::int64_t> from,
    std::optional<std::int64_t> to,
    CallContext context
) {
    if (from && *from < 0) {
        co_return fail(ErrorCode::invalid_argument, "from must not be negative.", "/from");
    }
    if (to && *to < from.value_or(0)) {
        co_return fail(ErrorCode::invalid_argument, "to must not be less than from.", "/to");
    }
    Result<ConversationSummary> summary = co_await repository_.get(id, context);
    if (!summary) co_return tl::unexpected<Error>(std::move(summary.error()));

    const MessageRange range{
        from.value_or(0), to.value_or(std::numeric_limits<std::int32_t>::max())};
    Result<std::vector<StoredMessage>> messages =
        co_await repository_.messages(id, range, limits::kReadBytesMax, context);
    if (!messages && messages.error().code == ErrorCode::too_large) co_return too_large_at_once();
    if (!messages) co_return tl::unexpected<Error>(std::move(messages.error()));

    // An append between the two reads shows in the messages; the total follows them.
    std::int64_t total = summary->message_count;
    if (!messages->empty()) total = std::max(total, messages->back().index + 1);
    co_return MessagePage{id, total, std::move(*messages)};
}

DeleteConversation::DeleteConversation(ConversationRepository& repository, Telemetry& telemetry)
    : repository_(repository), telemetry_(telemetry) {}

Task<Result<WriteAnswer>> DeleteConversation::run(
    ConversationId id, WriteContext write, CallContext context
) {
    const Stopwatch watch;
    Result<WriteAnswer> answer = co_await repository_.remove(id, std::move(write), context);
    log_write(telemetry_, kDeleteEvent, answer, context, watch);
    co_return answer;
}

}  // namespace rag
