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

/// What clients get, as JSON text. The `write_` functions add one value to a larger text.
namespace rag::wire {

/// Answers of writes; they are stored with the write and repeated to whoever repeats it.
AnswerRenderer ingest_answer();         // 201, a duplicate 200
AnswerRenderer legacy_ingest_answer();  // 200 {conversation_id: 123, chunks: 15}
AnswerRenderer append_answer();         // 200
AnswerRenderer delete_answer();         // 200
/// A line of /ingest/batch without its beginning `{"line":N,`, which `batch_line` puts before it.
AnswerRenderer batch_line_answer();
std::string batch_line(std::int64_t line, std::string_view answer);
/// A line that failed.
std::string batch_line_error(std::int64_t line, const Error& error);

/// The body of an ingest's answer.
std::string render_ingest(const WriteOutcome& outcome);

std::string render_search(const SearchResponse& response);
void write_search(encoding::JsonWriter& out, const SearchResponse& response);
/// One row of `results`.
void write_search_result(encoding::JsonWriter& out, const SearchResult& result, bool explain);
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
