#include "application/list_conversations.hpp"

#include <utility>

#include "cursor.hpp"
#include "domain/limits.hpp"

namespace rag {
namespace {

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

}  // namespace rag
