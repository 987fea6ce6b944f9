#include "wire/parse.hpp"

#include <algorithm>

#include "conversation_reader.hpp"
#include "domain/limits.hpp"
#include "wire/parameters.hpp"

namespace rag::wire {

using encoding::Member;
using encoding::Object;
using encoding::parse_json;
using encoding::Value;

namespace {

/// Reads a body, by `read`; one that JSON cannot be made of because of characters that no text can
/// hold is read with others in their place, if that is wanted.
template <class Read>
auto read_body(std::string_view body, const ReadingRules& rules, Read read)
    -> decltype(read(std::declval<const Value&>())) {
    const bool replaces = rules.on_invalid == OnInvalid::replace;
    Result<Value> value = parse_json(body);
    if (value) return read(*value);
    Result<encoding::ReplacedJson> other = encoding::parse_json_replacing(body);
    if (!other || other->replaced.empty()) return tl::unexpected(std::move(value.error()));
    auto sent = read(other->value);
    const bool wanted = sent && sent->wishes.on_invalid == OnInvalid::replace;
    if (!replaces && !wanted) return tl::unexpected(std::move(value.error()));
    if (sent) note_replaced(other->replaced, sent->notes);
    return sent;
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

Result<SentConversation> parse_conversation(
    const Value& value, std::string pointer, const ReadingRules& rules
) {
    return read_conversation(value, pointer, *rules.zone);
}

Result<SentConversation> parse_conversation(std::string_view body, const ReadingRules& rules) {
    return read_body(body, rules, [&rules](const Value& value) {
        return read_conversation(value, {}, *rules.zone);
    });
}

Result<SentMessages> parse_messages(
    const Value& value, std::string pointer, const ReadingRules& rules
) {
    return read_messages(value, pointer, *rules.zone);
}

Result<SentMessages> parse_messages(std::string_view body, const ReadingRules& rules) {
    return read_body(body, rules, [&rules](const Value& value) {
        return read_messages(value, {}, *rules.zone);
    });
}

void note_replaced(const std::vector<encoding::Replacement>& replaced, Notes& notes) {
    for (const encoding::Replacement& one : replaced) {
        notes.add([&one] {
            const std::string count =
                one.count == 1 ? "1 character" : std::to_string(one.count) + " characters";
            return Note{one.pointer, count + " that no text can hold, U+FFFD in place"};
        });
    }
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

Result<AppendRequest> parse_append_query(std::string_view query) {
    return parse_query(query, AppendRequest());
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
