#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rag::wire {

/// What a name in a sent object means.
enum class Sent : std::uint8_t {
    // Of a message.
    author_name,
    author_type,
    sender,
    author,
    type,
    content,
    text,
    value,
    parts,
    timestamp,
    // Of both.
    external_id,
    metadata,
    // Of a conversation.
    scenario_title,
    original_title,
    url,
    messages,
    if_exists,
    on_invalid,
    idempotency_key,
    embedding,
};

struct FieldName {
    std::string_view name;  // In snake_case.
    Sent field;
    bool own;  // Our name; else another one that programs use.
};

inline constexpr std::array kMessageNames{
    FieldName{"author_name", Sent::author_name, true},
    FieldName{"name", Sent::author_name, false},
    FieldName{"author_type", Sent::author_type, true},
    FieldName{"role", Sent::author_type, false},
    FieldName{"sender", Sent::sender, false},
    FieldName{"from", Sent::sender, false},
    FieldName{"author", Sent::author, false},
    FieldName{"type", Sent::type, false},
    FieldName{"content", Sent::content, true},
    FieldName{"text", Sent::text, false},
    FieldName{"value", Sent::value, false},
    FieldName{"parts", Sent::parts, false},
    FieldName{"timestamp", Sent::timestamp, true},
    FieldName{"created_at", Sent::timestamp, false},
    FieldName{"created_time", Sent::timestamp, false},
    FieldName{"create_time", Sent::timestamp, false},
    FieldName{"created_on", Sent::timestamp, false},
    FieldName{"sent_at", Sent::timestamp, false},
    FieldName{"ts", Sent::timestamp, false},
    FieldName{"time", Sent::timestamp, false},
    FieldName{"date", Sent::timestamp, false},
    FieldName{"external_id", Sent::external_id, true},
    FieldName{"id", Sent::external_id, false},
    FieldName{"metadata", Sent::metadata, true},
};

inline constexpr std::array kConversationNames{
    FieldName{"scenario_title", Sent::scenario_title, true},
    FieldName{"title", Sent::scenario_title, false},
    FieldName{"original_title", Sent::original_title, true},
    FieldName{"url", Sent::url, true},
    FieldName{"external_id", Sent::external_id, true},
    FieldName{"id", Sent::external_id, false},
    FieldName{"metadata", Sent::metadata, true},
    FieldName{"messages", Sent::messages, true},
    FieldName{"if_exists", Sent::if_exists, true},
    FieldName{"on_invalid", Sent::on_invalid, true},
    FieldName{"idempotency_key", Sent::idempotency_key, true},
    FieldName{"embedding", Sent::embedding, true},
};

/// Of the body of an append.
inline constexpr std::array kAppendNames{
    FieldName{"messages", Sent::messages, true},
    FieldName{"on_invalid", Sent::on_invalid, true},
    FieldName{"idempotency_key", Sent::idempotency_key, true},
    FieldName{"embedding", Sent::embedding, true},
};

}  // namespace rag::wire
