#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "application/get_conversation.hpp"
#include "application/health.hpp"
#include "application/legacy_search.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "encoding/json.hpp"
#include "wire/sent_conversation.hpp"

/// What clients get, as JSON text. The `write_` functions add one value to a larger text.
namespace rag::wire {

/// What a door makes of a write: status and body.
struct WriteText {
    int status = 200;
    std::string body;
};
using WriteRenderer = WriteText (*)(const WriteOutcome&, const Notes&);

WriteText ingest_answer(const WriteOutcome& outcome, const Notes& notes);  // 201; known: 200
WriteText append_answer(const WriteOutcome& outcome, const Notes& notes);  // 200
/// A line of /ingest/batch without its beginning `{"line":N,`, which `batch_line` puts before it.
WriteText batch_line_answer(const WriteOutcome& outcome, const Notes& notes);
// Without notes:
WriteText legacy_ingest_answer(const WriteOutcome& outcome, const Notes&);  // 200 {id, chunks}
WriteText update_answer(const WriteOutcome& outcome, const Notes&);  // The summary, as in a list.
WriteText delete_answer(const WriteOutcome& outcome, const Notes&);  // 200

/// The door's text of an answer; one that was kept as text stays as it is.
WriteText render_write(const WriteAnswer& answer, WriteRenderer door, const Notes& notes = {});

std::string batch_line(std::int64_t line, std::string_view answer);
/// A line that failed.
std::string batch_line_error(std::int64_t line, const Error& error);

std::string render_search(const SearchResponse& response);
void write_search(encoding::JsonWriter& out, const SearchResponse& response);
/// One row of `results`.
void write_search_result(encoding::JsonWriter& out, const SearchResult& result, bool explain);
/// Member `explain` of a result.
void write_explain(encoding::JsonWriter& out, const SearchResult& result);
/// One passage of `results`, without what is empty.
void write_passage(encoding::JsonWriter& out, const Passage& passage, bool explain);
/// Member `hints`; nothing if there are none.
void write_hints(encoding::JsonWriter& out, std::span<const FilterHint> hints);
std::string render_legacy_search(std::string_view query, std::span<const LegacyResult> results);

std::string render_conversations(std::span<const ConversationSummary> conversations);
void write_conversation_summary(encoding::JsonWriter& out, const ConversationSummary& conversation);
std::string render_conversation(const ConversationWithChunks& conversation);
std::string render_messages(const MessagePage& page);
void write_message(encoding::JsonWriter& out, const StoredMessage& message);

/// The object of GET /health.
struct HealthFacts {
    std::string_view version;
    bool use_new_architecture = true;
    Timestamp now;
};
std::string render_health(const Health& health, const HealthFacts& facts);
std::string_view health_status_name(HealthStatus status);

/// A metadata object as it was sent; `{}` if none was.
std::string_view metadata_json(const Metadata& metadata);

}  // namespace rag::wire
