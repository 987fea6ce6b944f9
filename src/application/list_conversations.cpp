#include "application/list_conversations.hpp"

#include <algorithm>
#include <utility>

#include "application/parameters.hpp"
#include "cursor.hpp"

namespace rag {
ListConversations::ListConversations(ConversationRepository& repository, const TimeZones& zones)
    : repository_(repository), zones_(zones) {}

Task<Result<ListResponse>> ListConversations::run(ListRequest request, CallContext context) {
    if (Result<void> valid = check_bounds(request); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    const ParameterDigest digest = digest_of("list", request);
    const Result<const TimeZone*> zone =
        settle_days(request.filter, request.days, request.timezone, zones_);
    if (!zone) co_return tl::unexpected<Error>(zone.error());
    ListQuery query{
        request.filter, request.external_id, request.skip, request.limit, request.order};
    if (request.cursor) {
        Result<CursorPlace> place = read_cursor(*request.cursor, digest);
        if (!place) co_return tl::unexpected<Error>(std::move(place.error()));
        query.after = ListPlace{
            {static_cast<std::int64_t>(place->key)}, {static_cast<std::int64_t>(place->number)}};
        query.skip = 0;  // The first page has skipped them.
    }

    Result<ConversationPage> page = co_await repository_.list(std::move(query), context);
    if (!page) co_return tl::unexpected<Error>(std::move(page.error()));

    ListResponse response{std::move(page->conversations), std::nullopt, {}};
    const bool asks = std::ranges::any_of(kFilterTexts, [&request](auto text) {
        return (request.filter.*text).has_value();
    });
    if (response.conversations.empty() && asks && !request.cursor) {
        Result<std::vector<FilterHint>> hints =
            co_await repository_.filter_hints(request.filter, context);
        if (!hints) co_return tl::unexpected<Error>(std::move(hints.error()));
        response.hints = std::move(*hints);
    }
    if (page->more && !response.conversations.empty()) {
        const ConversationSummary& last = response.conversations.back();
        const Timestamp time =
            request.order == ListOrder::activity ? last.last_message_at : last.created_at;
        const CursorPlace place{
            static_cast<std::uint64_t>(last.id.value), static_cast<std::uint64_t>(time.ms)};
        response.next_cursor = make_cursor(place, digest);
    }
    co_return response;
}

}  // namespace rag
