#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "application/append_messages.hpp"
#include "application/get_conversation.hpp"
#include "application/ingest_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "domain/conversation.hpp"
#include "domain/correction.hpp"
#include "domain/limits.hpp"
#include "encoding/json.hpp"
#include "wire/fields.hpp"
#include "wire/sent_conversation.hpp"

/// What clients send, as values of the core. Every error is `invalid_argument` with the JSON
/// pointer of the field. Ranges and limits are the use cases' to judge, types and names are judged
/// here.
namespace rag::wire {

/// The body of POST /ingest. Characters that no text can hold are replaced, and noted, where the
/// rules or the body say so.
Result<SentConversation> parse_conversation(std::string_view body, const ReadingRules& rules = {});
/// The same out of something larger; `pointer`: where it stands there.
Result<SentConversation> parse_conversation(
    const encoding::Value& value, std::string pointer, const ReadingRules& rules = {}
);

/// The body of POST /conversations/{id}/messages, alike.
Result<SentMessages> parse_messages(std::string_view body, const ReadingRules& rules = {});
Result<SentMessages> parse_messages(
    const encoding::Value& value, std::string pointer, const ReadingRules& rules = {}
);

/// Notes of what was replaced in a text.
void note_replaced(const std::vector<encoding::Replacement>& replaced, Notes& notes);

/// The body of PATCH /conversations/{id}. A field that is null is cleared.
Result<HeaderPatch> parse_header_patch(std::string_view body);
Result<HeaderPatch> parse_header_patch(const encoding::Value& value);

/// The query string of POST /ingest.
Result<IngestRequest> parse_ingest_query(std::string_view query);
/// The query string of POST /conversations/{id}/messages.
Result<AppendRequest> parse_append_query(std::string_view query);

/// The body of POST /search. `top_k`: of a search that does not say.
Result<SearchRequest> parse_search(std::string_view body, std::size_t top_k = limits::kTopKDefault);
/// The query string of GET /search.
Result<SearchRequest> parse_search_query(
    std::string_view query, std::size_t top_k = limits::kTopKDefault
);

/// The query string of GET /conversations.
Result<ListRequest> parse_list_query(std::string_view query);

/// The query string of GET /conversations/{id}/messages; the id stands in the path.
Result<MessagesRequest> parse_messages_query(std::string_view query);
/// The same of the arguments of a tool.
Result<MessagesRequest> parse_messages_arguments(const encoding::Value& arguments);

/// "123"; pointer "/conversation_id".
Result<ConversationId> parse_conversation_id(std::string_view text);

/// Whether a client's key is one: 1 to 255 visible ASCII characters.
bool is_idempotency_key(std::string_view text);

}  // namespace rag::wire
