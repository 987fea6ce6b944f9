#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "application/get_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "domain/conversation.hpp"
#include "encoding/json.hpp"
#include "wire/fields.hpp"

/// What clients send, as values of the core. Every error is `invalid_argument` with the JSON
/// pointer of the field. Ranges and limits are the use cases' to judge, types and names are judged
/// here.
namespace rag::wire {

/// The body of POST /ingest.
Result<Conversation> parse_conversation(std::string_view body);
/// The same out of something larger; `pointer`: where it stands there.
Result<Conversation> parse_conversation(const encoding::Value& value, std::string pointer = {});

/// The body of POST /conversations/{id}/messages.
Result<std::vector<Message>> parse_messages(std::string_view body);

/// The body of POST /search. `top_k`: of a search that does not say.
Result<SearchRequest> parse_search(std::string_view body, std::size_t top_k = 10);
/// The query string of GET /search.
Result<SearchRequest> parse_search_query(std::string_view query, std::size_t top_k = 10);

/// The query string of GET /conversations.
Result<ListRequest> parse_list_query(std::string_view query);

struct MessageRange {
    std::optional<std::int64_t> from;
    std::optional<std::int64_t> to;
};
/// The query string of GET /conversations/{id}/messages.
Result<MessageRange> parse_message_range(std::string_view query);

/// "123"; pointer "/conversation_id".
Result<ConversationId> parse_conversation_id(std::string_view text);

/// Parts that other readers (MCP tools) share. Errors are left in the reader.
/// author_name, author_type, scenario_title, conversation_id, date_from, date_to.
Filter read_filter(FieldReader& fields);
/// top_k, mode, context, max_tokens, cursor, explain; what is absent keeps its default.
void read_search_options(FieldReader& fields, SearchRequest& request);

/// Whether a client's key is one: 1 to 255 visible ASCII characters.
bool is_idempotency_key(std::string_view text);

}  // namespace rag::wire
