#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "application/request_days.hpp"
#include "domain/limits.hpp"

namespace rag {

struct ListRequest {
    Filter filter = {};
    RequestDays days = {};                     // Bare dates, for `filter` in `timezone`.
    std::optional<std::string> timezone = {};  // An IANA name; absent: the configured zone.
    std::int64_t skip = 0;
    std::size_t limit = limits::kRowsDefault;
    std::optional<std::string> external_id = {};
    ListOrder order = ListOrder::activity;
    std::optional<std::string> cursor = {};
};

struct ListResponse {
    std::vector<ConversationSummary> conversations;
    std::optional<std::string> next_cursor;
    std::vector<FilterHint> hints;  // Where there are none.
};

/// Newest first (see `ListOrder`), a page at a time.
class ListConversations {
public:
    ListConversations(ConversationRepository& repository, const TimeZones& zones);
    /// `invalid_argument`: limit or skip out of range, no such time zone, or a cursor of other
    /// parameters.
    Task<Result<ListResponse>> run(ListRequest request, CallContext context);

private:
    ConversationRepository& repository_;
    const TimeZones& zones_;
};

}  // namespace rag
