#include "application/get_conversation.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "application/parameters.hpp"
#include "domain/limits.hpp"

namespace rag {
namespace {

tl::unexpected<Error> too_large_at_once() {
    return fail(
        ErrorCode::too_large,
        "This is more than " + std::to_string(limits::kReadBytesMax >> 20) +
            " MiB; ask for a part of the messages with from and to.",
        "/from"
    );
}

}  // namespace

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

Task<Result<MessagePage>> GetConversation::messages(MessagesRequest request, CallContext context) {
    if (Result<void> valid = check_bounds(request); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    const auto [id, from, to, cursor] = request;
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

}  // namespace rag
