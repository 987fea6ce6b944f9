#include <utility>

#include "application/compute.hpp"
#include "encoding/canonical_json.hpp"
#include "encoding/digest.hpp"
#include "tool_call.hpp"
#include "wire/parse.hpp"
#include "wire/render.hpp"

namespace rag::mcp {
namespace {

constexpr std::string_view kKey = "idempotency_key";

/// The client's key, if it is one.
std::optional<std::string> read_key(wire::FieldReader& fields) {
    std::optional<std::string> key = fields.string(kKey);
    if (!key) return std::nullopt;
    if (!wire::is_idempotency_key(*key)) {
        fields.refuse(kKey, "must be 1 to 255 visible ASCII characters");
    }
    return key;
}

constexpr std::string_view kDataName = "conversation_data";
constexpr std::string_view kData = "/conversation_data";

/// The keys that a write is known by: the client's, and that of whoever forwards it.
Result<std::vector<WriteKey>> keys_of(
    std::vector<WriteKey> keys,
    const std::optional<std::string>& key,
    const wire::WriteWishes& wishes,
    const std::string& pointer
) {
    Result<std::optional<std::string>> agreed =
        wire::agreed(key, wishes.idempotency_key, encoding::child_pointer(pointer, kKey));
    if (!agreed) return tl::unexpected<Error>(std::move(agreed.error()));
    if (*agreed) keys.push_back(WriteKey{WriteKey::Scope::client, std::move(**agreed)});
    return keys;
}

struct IngestCall {
    wire::SentConversation sent;
    std::string pointer;  // Where it stands in the arguments.
    std::optional<std::string> key;
    encoding::Digest digest;
    encoding::Digest former_digest;
};

/// What a key is used for: the tool and its arguments in one spelling, but for the key itself, for
/// a retry comes with another id and other spacing.
encoding::Digest digest_of(std::string_view tool, const encoding::Value& arguments) {
    encoding::Object without_key;
    if (const encoding::Object* object = arguments.object()) {
        for (const encoding::Member& member : object->members) {
            if (member.name != kKey) without_key.members.push_back(member);
        }
    }
    std::string text(tool);
    text += '\n';
    text += encoding::canonical_json(encoding::Value(std::move(without_key)));
    return encoding::sha256(text);
}

/// The conversation and where it stands in the arguments.
struct GivenConversation {
    encoding::Object fields;
    std::string pointer;
};

/// Its fields may stand in `conversation_data`, beside it, or in its place.
Result<GivenConversation> given_conversation(const encoding::Value& arguments) {
    GivenConversation given;
    const encoding::Value* data = arguments.find(kDataName);
    if (data != nullptr && !data->is_object()) {
        return fail(ErrorCode::invalid_argument, "must be an object", std::string(kData));
    }
    if (data != nullptr) {
        given.fields = *data->object();
        given.pointer = kData;
    }
    for (const encoding::Member& member : arguments.object()->members) {
        if (member.name == kDataName || member.name == kKey) continue;
        if (data != nullptr && data->find(member.name) != nullptr) {
            return fail(
                ErrorCode::invalid_argument,
                "stands in conversation_data too; send one of them",
                encoding::child_pointer("", member.name)
            );
        }
        given.fields.members.push_back(member);
    }
    if (given.fields.members.empty()) {
        return fail(
            ErrorCode::invalid_argument,
            "is missing: an object with messages, each with its content",
            std::string(kData)
        );
    }
    return given;
}

Result<IngestCall> read_ingest_arguments(
    const encoding::Value& arguments,
    const std::vector<encoding::Replacement>& replaced,
    const TimeZone& zone
) {
    IngestCall read;
    wire::FieldReader fields(arguments, "");
    for (const encoding::Member& member : arguments.object()->members) {
        if (member.name != kKey) fields.any(member.name);
    }
    read.key = read_key(fields);
    if (Result<void> valid = fields.finish(); !valid) {
        return tl::unexpected<Error>(std::move(valid.error()));
    }
    Result<GivenConversation> given = given_conversation(arguments);
    if (!given) return tl::unexpected<Error>(std::move(given.error()));
    const encoding::Value data(std::move(given->fields));
    Result<wire::SentConversation> sent =
        wire::parse_conversation(data, given->pointer, {&zone, {}});
    if (!sent) return tl::unexpected<Error>(std::move(sent.error()));
    read.sent = std::move(*sent);
    wire::note_replaced(replaced, read.sent.notes);
    read.pointer = std::move(given->pointer);
    read.digest = digest_of("ingest_conversation", arguments);
    read.former_digest = encoding::sha256(data.to_json());
    return read;
}

struct AppendCall {
    std::optional<ConversationId> id;  // One of the two.
    std::optional<std::string> external_id;
    wire::SentMessages sent;
    std::optional<std::string> key;
    encoding::Digest digest;
};

Result<AppendCall> read_append_arguments(
    const encoding::Value& arguments,
    const std::vector<encoding::Replacement>& replaced,
    const TimeZone& zone
) {
    AppendCall read;
    wire::FieldReader fields(arguments, "");
    read.id = fields.conversation_id("conversation_id");
    read.external_id = fields.string("external_id");
    if (!read.id && !read.external_id) {
        fields.refuse("conversation_id", "is missing; or send external_id");
    }
    if (read.id && read.external_id) {
        fields.refuse("external_id", "stands beside conversation_id; send one of them");
    }
    encoding::Object body;
    for (const std::string_view name : {"messages", "on_invalid"}) {
        const encoding::Value* value = fields.any(name);
        if (value != nullptr) body.members.push_back({std::string(name), *value});
    }
    read.key = read_key(fields);
    if (Result<void> valid = fields.finish(); !valid) {
        return tl::unexpected<Error>(std::move(valid.error()));
    }
    const encoding::Value whole(std::move(body));
    Result<wire::SentMessages> sent = wire::parse_messages(whole, {}, {&zone, {}});
    if (!sent) return tl::unexpected<Error>(std::move(sent.error()));
    read.sent = std::move(*sent);
    wire::note_replaced(replaced, read.sent.notes);
    read.digest = digest_of("append_messages", arguments);
    return read;
}

/// The conversation that its sender calls by that id.
Task<Result<ConversationId>> find_named(
    const ServerContext& server, std::string external_id, CallContext context
) {
    ListRequest request;
    request.external_id = std::move(external_id);
    request.limit = 1;
    Result<ListResponse> found =
        co_await server.use_cases.list.run(std::move(request), std::move(context));
    if (!found) co_return tl::unexpected<Error>(std::move(found.error()));
    if (found->conversations.empty()) {
        co_return fail(
            ErrorCode::not_found,
            "no conversation has it; ingest_conversation stores a new one by it",
            "/external_id"
        );
    }
    co_return found->conversations.front().id;
}

ToolOutput text_of(
    Result<WriteAnswer> answer, wire::WriteRenderer door, const wire::Notes& notes = {}
) {
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    return wire::render_write(*answer, door, notes).body;
}

}  // namespace

Task<ToolOutput> ingest_conversation(const ServerContext& server, ToolCall call) {
    auto job = [arguments = std::move(call.arguments),
                replaced = std::move(call.replaced),
                &zone = server.use_cases.default_zone] {
        return read_ingest_arguments(arguments, replaced, zone);
    };
    Result<IngestCall> read = co_await compute(
        server.work_pool, call.context, to_parse(call.message_bytes), std::move(job)
    );
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
    wire::SentConversation& sent = read->sent;
    Result<std::vector<WriteKey>> keys =
        keys_of(std::move(call.write_keys), read->key, sent.wishes, read->pointer);
    if (!keys) co_return tl::unexpected<Error>(std::move(keys.error()));

    WriteContext write;
    write.keys = std::move(*keys);
    write.request_digest = read->digest;
    write.former_digest = read->former_digest;
    Result<WriteAnswer> answer = co_await server.use_cases.ingest.run(
        std::move(sent.conversation),
        std::move(write),
        std::move(call.context),
        sent.wishes.if_exists.value_or(IfExists::extend)
    );
    // The use case knows the conversation as a body of its own.
    if (!answer) answer.error() = wire::as_sent(std::move(answer.error()), sent.names);
    if (!answer && !answer.error().pointer.empty()) {
        answer.error().pointer.insert(0, read->pointer);
    }
    co_return text_of(std::move(answer), wire::ingest_answer, sent.notes);
}

Task<ToolOutput> append_messages(const ServerContext& server, ToolCall call) {
    auto job = [arguments = std::move(call.arguments),
                replaced = std::move(call.replaced),
                &zone = server.use_cases.default_zone] {
        return read_append_arguments(arguments, replaced, zone);
    };
    Result<AppendCall> read = co_await compute(
        server.work_pool, call.context, to_parse(call.message_bytes), std::move(job)
    );
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
    if (!read->id) {
        Result<ConversationId> named =
            co_await find_named(server, std::move(*read->external_id), call.context);
        if (!named) co_return tl::unexpected<Error>(std::move(named.error()));
        read->id = *named;
    }
    Result<std::vector<WriteKey>> keys =
        keys_of(std::move(call.write_keys), read->key, read->sent.wishes, {});
    if (!keys) co_return tl::unexpected<Error>(std::move(keys.error()));

    WriteContext write;
    write.keys = std::move(*keys);
    write.request_digest = read->digest;
    Result<WriteAnswer> answer = co_await server.use_cases.append.run(
        *read->id, std::move(read->sent.messages), std::move(write), std::move(call.context)
    );
    if (!answer) answer.error() = wire::as_sent(std::move(answer.error()), read->sent.names);
    co_return text_of(std::move(answer), wire::append_answer, read->sent.notes);
}

Task<ToolOutput> update_conversation(const ServerContext& server, ToolCall call) {
    wire::FieldReader fields(call.arguments, "");
    const std::optional<ConversationId> id = fields.conversation_id("conversation_id");
    if (!id) fields.refuse("conversation_id", "is missing");
    encoding::Object given;
    for (const std::string_view name : {"scenario_title", "original_title", "url", "metadata"}) {
        const encoding::Value* value = fields.any(name);
        if (value != nullptr) given.members.push_back({std::string(name), *value});
    }
    if (Result<void> valid = fields.finish(); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    const encoding::Value body(std::move(given));
    Result<HeaderPatch> patch = wire::parse_header_patch(body);
    if (!patch) co_return tl::unexpected<Error>(std::move(patch.error()));
    WriteContext write;
    write.keys = std::move(call.write_keys);
    write.request_digest = digest_of("update_conversation", call.arguments);
    Result<WriteAnswer> answer = co_await server.use_cases.update.run(
        *id, std::move(*patch), std::move(write), std::move(call.context)
    );
    co_return text_of(std::move(answer), wire::update_answer);
}

Task<ToolOutput> delete_conversation(const ServerContext& server, ToolCall call) {
    wire::FieldReader fields(call.arguments, "");
    const std::optional<ConversationId> id = fields.conversation_id("conversation_id");
    if (!id) fields.refuse("conversation_id", "is missing");
    if (Result<void> valid = fields.finish(); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    WriteContext write;
    write.keys = std::move(call.write_keys);
    write.request_digest = digest_of("delete_conversation", call.arguments);
    write.former_digest = encoding::sha256("delete " + std::to_string(id->value));
    Result<WriteAnswer> answer =
        co_await server.use_cases.remove.run(*id, std::move(write), std::move(call.context));
    co_return text_of(std::move(answer), wire::delete_answer);
}

}  // namespace rag::mcp
