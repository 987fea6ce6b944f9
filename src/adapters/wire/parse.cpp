#include "wire/parse.hpp"

#include <algorithm>

#include "conversation_reader.hpp"
#include "domain/limits.hpp"
#include "wire/parameters.hpp"

namespace rag::wire {

using encoding::child_pointer;
using encoding::Member;
using encoding::Object;
using encoding::parse_json;
using encoding::Value;

namespace {

/// Reads `messages` of a body; what is wrong is left in the reader.
std::vector<Message> read_messages(FieldReader& fields) {
    std::vector<Message> messages;
    const Value::Array* items = fields.array("messages");
    if (items == nullptr) {
        fields.refuse("messages", "is required");
        return messages;
    }
    messages.reserve(items->size());
    const std::string pointer = fields.pointer_of("messages");
    for (std::size_t i = 0; i < items->size(); ++i) {
        Result<Message> message = read_message((*items)[i], child_pointer(pointer, i), utc_zone());
        if (message) {
            messages.push_back(std::move(*message));
            continue;
        }
        fields.refuse(std::move(message.error()));
        break;
    }
    return messages;
}

Result<MessagesRequest> in_order(Result<MessagesRequest> request) {
    if (request && request->to && *request->to < request->from.value_or(0)) {
        return fail(ErrorCode::invalid_argument, "must not be less than from", "/to");
    }
    return request;
}

}  // namespace

bool is_idempotency_key(std::string_view text) {
    return !text.empty() && text.size() <= limits::kIdempotencyKeyCharactersMax &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Result<Conversation> parse_conversation(const Value& value, std::string pointer) {
    return read_conversation(value, pointer, utc_zone());
}

Result<Conversation> parse_conversation(std::string_view body) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    return parse_conversation(*value);
}

Result<std::vector<Message>> parse_messages(std::string_view body) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    return parse_messages(*value);
}

Result<std::vector<Message>> parse_messages(const Value& value) {
    FieldReader fields(value, {});
    std::vector<Message> messages = read_messages(fields);
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return messages;
}

Result<HeaderPatch> parse_header_patch(const Value& value) {
    FieldReader fields(value, {});
    const auto is_cleared = [&value](std::string_view name) {
        const Value* given = value.find(name);
        return given != nullptr && given->is_null();
    };
    const auto read_text = [&](std::string_view name) {
        std::optional<std::optional<std::string>> text;
        if (is_cleared(name)) text.emplace();
        if (std::optional<std::string> given = fields.string(name)) text.emplace(std::move(given));
        return text;
    };
    HeaderPatch patch;
    patch.scenario_title = read_text("scenario_title");
    patch.original_title = read_text("original_title");
    patch.url = read_text("url");
    Metadata metadata = fields.metadata("metadata");
    if (is_cleared("metadata") || !metadata.raw.empty()) patch.metadata = std::move(metadata);
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return patch;
}

Result<HeaderPatch> parse_header_patch(std::string_view body) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    return parse_header_patch(*value);
}

Result<IngestRequest> parse_ingest_query(std::string_view query) {
    return parse_query(query, IngestRequest());
}

Result<SearchRequest> parse_search(std::string_view body, std::size_t top_k) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    SearchRequest request;
    request.top_k = top_k;
    return parse_parameters(*value, Door::body, std::move(request));
}

Result<SearchRequest> parse_search_query(std::string_view query, std::size_t top_k) {
    SearchRequest request;
    request.top_k = top_k;
    return parse_query(query, std::move(request));
}

Result<ListRequest> parse_list_query(std::string_view query) {
    return parse_query(query, ListRequest());
}

Result<MessagesRequest> parse_messages_query(std::string_view query) {
    return in_order(parse_query(query, MessagesRequest()));
}

Result<MessagesRequest> parse_messages_arguments(const Value& arguments) {
    return in_order(parse_parameters(arguments, Door::tool, MessagesRequest()));
}

Result<ConversationId> parse_conversation_id(std::string_view text) {
    Object holder;
    holder.members.push_back(Member{"conversation_id", Value(std::string(text))});
    const Value object(std::move(holder));
    FieldReader fields(object, {});
    const std::optional<ConversationId> id = fields.conversation_id("conversation_id");
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return *id;
}

}  // namespace rag::wire
