#include "wire/parse.hpp"

#include <algorithm>
#include <limits>

#include "domain/limits.hpp"
#include "encoding/url.hpp"

namespace rag::wire {

namespace {

using encoding::child_pointer;
using encoding::Member;
using encoding::Object;
using encoding::parse_json;
using encoding::parse_query_string;
using encoding::Value;

constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();

/// Ids count from 1, so a filter on this one finds nothing.
constexpr ConversationId kNobody{-1};

Message read_message(const Value& value, std::string pointer, std::optional<Error>& error) {
    FieldReader fields(value, std::move(pointer));
    Message message;
    message.author_name = fields.string("author_name", "name");
    message.author_type = fields.string("author_type", "role");
    std::optional<std::string> content = fields.string("content", "text");
    if (!content) fields.refuse("content", "is required");
    message.content = std::move(content).value_or("");
    message.timestamp = fields.timestamp("timestamp");
    message.external_id = fields.string("external_id");
    message.metadata = fields.metadata("metadata");
    if (Result<void> done = fields.finish(); !done) error = std::move(done.error());
    return message;
}

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
        std::optional<Error> error;
        messages.push_back(read_message((*items)[i], child_pointer(pointer, i), error));
        if (!error) continue;
        fields.refuse(std::move(*error));
        break;
    }
    return messages;
}

Result<SearchRequest> finish_search(
    FieldReader& fields, std::string_view query_name, SearchRequest request
) {
    std::optional<std::string> query = fields.string(query_name);
    if (!query) fields.refuse(query_name, "is required");
    request.query = std::move(query).value_or("");
    read_search_options(fields, request);
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return request;
}

}  // namespace

bool is_idempotency_key(std::string_view text) {
    return !text.empty() && text.size() <= limits::kIdempotencyKeyCharactersMax &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

Filter read_filter(FieldReader& fields) {
    Filter filter;
    filter.author_name = fields.string("author_name");
    filter.scenario_title = fields.string("scenario_title");
    filter.conversation_id = fields.conversation_id("conversation_id");
    filter.date_from = fields.date_bound("date_from", DateBound::first);
    filter.date_to = fields.date_bound("date_to", DateBound::last);
    if (const std::optional<std::string> type = fields.string("author_type")) {
        filter.author_class = author_class(*type);
        // A value that nothing has is no error: it finds nothing.
        if (!filter.author_class) filter.conversation_id = kNobody;
    }
    return filter;
}

void read_search_options(FieldReader& fields, SearchRequest& request) {
    constexpr auto kTopKMax = static_cast<std::int64_t>(limits::kTopKMax);
    constexpr auto kContextMax = static_cast<std::int64_t>(limits::kContextMax);
    if (const auto top_k = fields.integer("top_k", 1, kTopKMax)) {
        request.top_k = static_cast<std::size_t>(*top_k);
    }
    if (const auto context = fields.integer("context", 0, kContextMax)) {
        request.context = static_cast<std::size_t>(*context);
    }
    if (const auto max_tokens = fields.integer("max_tokens", 1, kInt64Max)) {
        request.max_tokens = static_cast<std::size_t>(*max_tokens);
    }
    if (const auto mode = fields.string("mode")) {
        const auto* known =
            std::find_if(kSearchModes.begin(), kSearchModes.end(), [&mode](SearchMode candidate) {
                return name_of(candidate) == *mode;
            });
        if (known != kSearchModes.end()) {
            request.mode = *known;
        } else {
            fields.refuse("mode", "must be hybrid, dense or lexical");
        }
    }
    request.cursor = fields.string("cursor");
    request.explain = fields.boolean("explain").value_or(false);
}

Result<Conversation> parse_conversation(const Value& value, std::string pointer) {
    FieldReader fields(value, std::move(pointer));
    Conversation conversation;
    ConversationHeader& header = conversation.header;
    header.scenario_title = fields.string("scenario_title");
    header.original_title = fields.string("original_title");
    header.url = fields.string("url");
    header.external_id = fields.string("external_id");
    header.metadata = fields.metadata("metadata");
    conversation.messages = read_messages(fields);
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return conversation;
}

Result<Conversation> parse_conversation(std::string_view body) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    return parse_conversation(*value);
}

Result<std::vector<Message>> parse_messages(std::string_view body) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    FieldReader fields(*value, {});
    std::vector<Message> messages = read_messages(fields);
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return messages;
}

Result<SearchRequest> parse_search(std::string_view body, std::size_t top_k) {
    Result<Value> value = parse_json(body);
    if (!value) return tl::unexpected(std::move(value.error()));
    FieldReader fields(*value, {});
    SearchRequest request;
    request.top_k = top_k;
    if (const Value* filters = fields.object("filters")) {
        FieldReader filter_fields(*filters, fields.pointer_of("filters"));
        request.filter = read_filter(filter_fields);
        request.min_score = filter_fields.real("min_score");
        if (Result<void> done = filter_fields.finish(); !done)
            fields.refuse(std::move(done.error()));
    }
    return finish_search(fields, "query", std::move(request));
}

Result<SearchRequest> parse_search_query(std::string_view query, std::size_t top_k) {
    Result<Value> parameters = parse_query_string(query);
    if (!parameters) return tl::unexpected(std::move(parameters.error()));
    FieldReader fields(*parameters, {}, FieldReader::Form::query);
    SearchRequest request;
    request.top_k = top_k;
    request.filter = read_filter(fields);
    request.min_score = fields.real("min_score");
    return finish_search(fields, "q", std::move(request));
}

Result<ListRequest> parse_list_query(std::string_view query) {
    Result<Value> parameters = parse_query_string(query);
    if (!parameters) return tl::unexpected(std::move(parameters.error()));
    FieldReader fields(*parameters, {}, FieldReader::Form::query);
    constexpr auto kLimitMax = static_cast<std::int64_t>(limits::kListLimitMax);
    ListRequest request;
    request.filter = read_filter(fields);
    request.skip = fields.integer("skip", 0, kInt64Max).value_or(request.skip);
    if (const auto limit = fields.integer("limit", 1, kLimitMax)) {
        request.limit = static_cast<std::size_t>(*limit);
    }
    request.cursor = fields.string("cursor");
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return request;
}

Result<MessageRange> parse_message_range(std::string_view query) {
    Result<Value> parameters = parse_query_string(query);
    if (!parameters) return tl::unexpected(std::move(parameters.error()));
    FieldReader fields(*parameters, {}, FieldReader::Form::query);
    MessageRange range;
    range.from = fields.integer("from", 0, kInt64Max);
    range.to = fields.integer("to", 0, kInt64Max);
    if (range.from && range.to && *range.to < *range.from) {
        fields.refuse("to", "must not be less than from");
    }
    if (Result<void> done = fields.finish(); !done) return tl::unexpected(std::move(done.error()));
    return range;
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
