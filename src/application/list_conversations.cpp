#include "application/list_conversations.hpp"

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

}  // namespace rag
