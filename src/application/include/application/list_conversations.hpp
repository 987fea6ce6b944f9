#pragma once

#include <optional>
#include <string>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "domain/limits.hpp"

namespace rag {

struct ListRequest {
    Filter filter = {};
    std::int64_t skip = 0;
    std::size_t limit = limits::kRowsDefault;
    std::optional<std::string> external_id = {};
    ListOrder order = ListOrder::activity;
    std::optional<std::string> cursor = {};
};

struct ListResponse {
    std::vector<ConversationSummary> conversations;
    std::optional<std::string> next_cursor;
};

/// Newest first (see `ListOrder`), a page at a time.
class ListConversations {
public:
    explicit ListConversations(ConversationRepository& repository);
    /// `invalid_argument`: limit or skip out of range, or a cursor of other parameters.
    Task<Result<ListResponse>> run(ListRequest request, CallContext context);

private:
    ConversationRepository& repository_;
};

}  // namespace rag
