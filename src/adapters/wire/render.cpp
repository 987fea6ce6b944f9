#include "wire/render.hpp"

#include <cmath>

#include "render_parts.hpp"
#include "wire/parse.hpp"
#include "wire/problem.hpp"

namespace rag::wire {

namespace {

using encoding::JsonWriter;

void write_time(JsonWriter& out, std::string_view name, const std::optional<Timestamp>& time) {
    out.key(name);
    if (time) {
        out.string(format_timestamp(*time));
    } else {
        out.null();
    }
}

/// Milliseconds to a tenth: more digits say nothing.
double tenths(double value) { return std::round(value * 10) / 10; }

void write_context(JsonWriter& out, const std::vector<StoredMessage>& messages) {
    out.key("context").begin_array();
    for (const StoredMessage& stored : messages) {
        out.begin_object();
        out.member("index", stored.index);
        out.member("author_name", stored.message.author_name);
        out.member("author_type", stored.message.author_type);
        write_time(out, "timestamp", stored.message.timestamp);
        out.member("content", stored.message.content);
        out.end_object();
    }
    out.end_array();
}

void write_signal(
    JsonWriter& out,
    std::string_view name,
    const std::optional<SignalFound>& found,
    const std::optional<double>& share = std::nullopt
) {
    out.key(name);
    if (!found) {
        out.null();
        return;
    }
    out.begin_object();
    out.member("rank", static_cast<std::int64_t>(found->rank));
    out.key("score").real(static_cast<float>(found->score));
    if (share) out.key("share").real(static_cast<float>(*share));
    out.end_object();
}

void write_chunk(JsonWriter& out, const StoredChunk& stored) {
    out.begin_object();
    out.id("id", stored.id.value);
    out.member("order_index", static_cast<std::int64_t>(stored.chunk.order_index));
    out.member("text", stored.chunk.text);
    out.member("author_name", stored.chunk.author_name);
    out.member("author_type", stored.chunk.author_type);
    write_time(out, "timestamp", stored.chunk.timestamp);
    out.end_object();
}

void write_legacy_row(JsonWriter& out, const LegacyResult& result) {
    const LoadedChunk& loaded = result.chunk;
    const Chunk& chunk = loaded.stored.chunk;
    out.begin_object();
    out.member("id", loaded.stored.id.value);
    out.member("conversation_id", loaded.stored.conversation_id.value);
    out.member("order_index", static_cast<std::int64_t>(chunk.order_index));
    out.member("chunk_text", chunk.text);
    out.member("author_name", chunk.author_name);
    out.member("author_type", chunk.author_type);
    write_time(out, "timestamp", chunk.timestamp);
    write_titles(out, loaded.conversation.header);
    out.member("created_at", format_timestamp(loaded.conversation.created_at));
    out.key("relevance_score").real(static_cast<float>(result.distance));
    out.end_object();
}

}  // namespace

void write_titles(JsonWriter& out, const ConversationHeader& header) {
    out.member("scenario_title", header.scenario_title);
    out.member("original_title", header.original_title);
    out.member("url", header.url);
}

void write_summary_members(JsonWriter& out, const ConversationSummary& conversation) {
    out.id("id", conversation.id.value);
    write_titles(out, conversation.header);
    out.member("external_id", conversation.header.external_id);
    out.member("created_at", format_timestamp(conversation.created_at));
    out.member("first_message_at", format_timestamp(conversation.first_message_at));
    out.member("last_message_at", format_timestamp(conversation.last_message_at));
    out.member("message_count", conversation.message_count);
    out.member("chunk_count", conversation.chunk_count);
}

std::string_view metadata_json(const Metadata& metadata) {
    return metadata.raw.empty() ? std::string_view("{}") : std::string_view(metadata.raw);
}

void write_explain(JsonWriter& out, const SearchResult& result) {
    out.key("explain").begin_object();
    std::optional<double> dense_share;
    for (const auto& [name, share] : result.shares) {
        if (name == "dense") dense_share = share;
    }
    write_signal(out, "dense", result.dense, dense_share);
    write_signal(out, "lexical", result.lexical);
    for (const auto& [name, share] : result.shares) {
        if (name != "dense") {
            out.key(name).real(static_cast<float>(share));
        } else if (!result.dense) {
            // A row that other signals found is near or far, too, and the score says so.
            out.key("dense_unranked").real(static_cast<float>(share));
        }
    }
    out.end_object();
}

void write_search_result(JsonWriter& out, const SearchResult& result, bool explain) {
    const LoadedChunk& loaded = result.chunk;
    const Chunk& chunk = loaded.stored.chunk;
    out.begin_object();
    out.id("chunk_id", loaded.stored.id.value);
    out.id("conversation_id", loaded.stored.conversation_id.value);
    out.member("order_index", static_cast<std::int64_t>(chunk.order_index));
    out.member("message_start", static_cast<std::int64_t>(chunk.message_start));
    out.member("message_end", static_cast<std::int64_t>(chunk.message_end));
    out.member("text", chunk.text);
    if (result.text_truncated) out.flag("text_truncated", true);
    out.key("score").real(static_cast<float>(result.score));
    out.member("author_name", chunk.author_name);
    out.member("author_type", chunk.author_type);
    write_time(out, "timestamp", chunk.timestamp);
    write_titles(out, loaded.conversation.header);
    out.key("metadata").raw(metadata_json(loaded.conversation.header.metadata));
    write_context(out, loaded.context);
    if (explain) write_explain(out, result);
    out.end_object();
}

void write_search(JsonWriter& out, const SearchResponse& response) {
    out.begin_object();
    out.member("query", response.query);
    const bool passages = response.shape == ResultShape::passages;
    const std::size_t total = passages ? response.passages.size() : response.results.size();
    out.member("total_results", static_cast<std::int64_t>(total));
    out.member("mode", name_of(response.mode));
    out.flag("degraded", response.degraded);
    out.flag("truncated", response.truncated);
    // Of passages nothing is told that is not there.
    if (!passages || response.next_cursor) out.member("next_cursor", response.next_cursor);
    out.key("execution_time_ms").real(tenths(response.execution_time_ms));
    out.flag("success", true);
    out.key("results").begin_array();
    for (const SearchResult& result : response.results) {
        write_search_result(out, result, response.explain);
    }
    for (const Passage& passage : response.passages) {
        write_passage(out, passage, response.explain);
    }
    out.end_array();
    write_hints(out, response.hints);
    out.end_object();
}

void write_hints(JsonWriter& out, std::span<const FilterHint> hints) {
    if (hints.empty()) return;
    out.key("hints").begin_array();
    for (const FilterHint& hint : hints) {
        out.begin_object();
        out.member("filter", std::string_view(hint.filter));
        out.member("value", std::string_view(hint.value));
        out.key("nearest").begin_array();
        for (const std::string& value : hint.nearest) out.string(value);
        out.end_array().end_object();
    }
    out.end_array();
}

std::string render_search(const SearchResponse& response) {
    JsonWriter out;
    write_search(out, response);
    return out.take();
}

std::string render_legacy_search(std::string_view query, std::span<const LegacyResult> results) {
    JsonWriter out;
    out.begin_object();
    out.member("query", query);
    out.member("total_results", static_cast<std::int64_t>(results.size()));
    out.key("results").begin_array();
    for (const LegacyResult& result : results) write_legacy_row(out, result);
    out.end_array();
    out.end_object();
    return out.take();
}

void write_conversation_summary(JsonWriter& out, const ConversationSummary& conversation) {
    out.begin_object();
    write_summary_members(out, conversation);
    out.end_object();
}

std::string render_conversations(std::span<const ConversationSummary> conversations) {
    JsonWriter out;
    out.begin_array();
    for (const ConversationSummary& conversation : conversations) {
        write_conversation_summary(out, conversation);
    }
    out.end_array();
    return out.take();
}

std::string render_conversation(const ConversationWithChunks& conversation) {
    JsonWriter out;
    out.begin_object();
    write_summary_members(out, conversation.summary);
    out.key("metadata").raw(metadata_json(conversation.summary.header.metadata));
    out.key("chunks").begin_array();
    for (const StoredChunk& chunk : conversation.chunks) write_chunk(out, chunk);
    out.end_array();
    out.end_object();
    return out.take();
}

void write_message(JsonWriter& out, const StoredMessage& message) {
    out.begin_object();
    out.member("index", message.index);
    out.member("author_name", message.message.author_name);
    out.member("author_type", message.message.author_type);
    out.member("content", message.message.content);
    write_time(out, "timestamp", message.message.timestamp);
    out.member("stored_at", format_timestamp(message.stored_at));
    out.member("external_id", message.message.external_id);
    out.key("metadata").raw(metadata_json(message.message.metadata));
    out.end_object();
}

std::string render_messages(const MessagePage& page) {
    JsonWriter out;
    out.begin_object();
    out.id("conversation_id", page.conversation_id.value);
    out.member("total", page.total);
    out.key("messages").begin_array();
    for (const StoredMessage& message : page.messages) write_message(out, message);
    out.end_array();
    out.end_object();
    return out.take();
}

std::string_view health_status_name(HealthStatus status) {
    switch (status) {
        case HealthStatus::healthy:
            return "healthy";
        case HealthStatus::degraded:
            return "degraded";
        case HealthStatus::unhealthy:
            return "unhealthy";
        case HealthStatus::starting:
            return "starting";
        case HealthStatus::draining:
            return "draining";
    }
    return "unhealthy";
}

std::string render_health(const Health& health, const HealthFacts& facts) {
    JsonWriter out;
    out.begin_object();
    out.member("status", health_status_name(health.status));
    out.member("timestamp", format_timestamp(facts.now));
    out.member("version", facts.version);
    out.key("components").begin_object();
    out.key("database").begin_object();
    out.member("status", health.database_status);
    if (health.database_healthy) {
        out.key("latency_ms").real(tenths(health.database_latency_ms));
    }
    if (!health.database_healthy || !health.database_error.empty()) {
        out.member("error", health.database_error);
    }
    out.end_object();
    out.key("embedding_service").begin_object();
    out.member("status", health.embedding_status);
    out.member("provider", health.provider);
    out.member("model", health.model);
    if (!health.embedding_error.empty()) {
        out.member("error", health.embedding_error);
    }
    out.end_object();
    out.key("di_container").begin_object();
    out.member("status", "healthy");
    out.member("architecture", std::string_view(facts.use_new_architecture ? "new" : "legacy"));
    out.end_object();
    out.end_object();
    out.end_object();
    return out.take();
}

}  // namespace rag::wire
