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

struct IngestCall {
    Conversation conversation;
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

Result<IngestCall> read_ingest_arguments(const encoding::Value& arguments) {
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
    Result<Conversation> conversation = wire::parse_conversation(data, given->pointer);
    if (!conversation) return tl::unexpected<Error>(std::move(conversation.error()));
    read.conversation = std::move(*conversation);
    read.pointer = std::move(given->pointer);
    read.digest = digest_of("ingest_conversation", arguments);
    read.former_digest = encoding::sha256(data.to_json());
    return read;
}

struct AppendCall {
    ConversationId id;
    std::vector<rag::Message> messages;
    std::optional<std::string> key;
    encoding::Digest digest;
};

Result<AppendCall> read_append_arguments(const encoding::Value& arguments) {
    AppendCall read;
    wire::FieldReader fields(arguments, "");
    const std::optional<ConversationId> id = fields.conversation_id("conversation_id");
    if (!id) fields.refuse("conversation_id", "is missing");
    const encoding::Value* messages = fields.any("messages");
    read.key = read_key(fields);
    if (Result<void> valid = fields.finish(); !valid) {
        return tl::unexpected<Error>(std::move(valid.error()));
    }
    encoding::Object body;
    if (messages != nullptr) body.members.push_back(encoding::Member{"messages", *messages});
    Result<std::vector<rag::Message>> parsed =
        wire::parse_messages(encoding::Value(std::move(body)));
    if (!parsed) return tl::unexpected<Error>(std::move(parsed.error()));
    read.id = *id;
    read.messages = std::move(*parsed);
    read.digest = digest_of("append_messages", arguments);
    return read;
}

ToolOutput text_of(Result<WriteAnswer> answer, wire::WriteRenderer door) {
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    return wire::render_write(*answer, door).body;
}

}  // namespace

Task<ToolOutput> ingest_conversation(const ServerContext& server, ToolCall call) {
    auto job = [arguments = std::move(call.arguments)] { return read_ingest_arguments(arguments); };
    Result<IngestCall> read = co_await compute(
        server.work_pool, call.context, to_parse(call.message_bytes), std::move(job)
    );
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));

    WriteContext write;
    write.keys = std::move(call.write_keys);
    if (read->key) write.keys.push_back(WriteKey{WriteKey::Scope::client, std::move(*read->key)});
    write.request_digest = read->digest;
    write.former_digest = read->former_digest;
    Result<WriteAnswer> answer = co_await server.use_cases.ingest.run(
        std::move(read->conversation), std::move(write), std::move(call.context)
    );
    // The use case knows the conversation as a body of its own.
    if (!answer && !answer.error().pointer.empty()) {
        answer.error().pointer.insert(0, read->pointer);
    }
    co_return text_of(std::move(answer), wire::ingest_answer);
}

Task<ToolOutput> append_messages(const ServerContext& server, ToolCall call) {
    auto job = [arguments = std::move(call.arguments)] { return read_append_arguments(arguments); };
    Result<AppendCall> read = co_await compute(
        server.work_pool, call.context, to_parse(call.message_bytes), std::move(job)
    );
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));

    WriteContext write;
    write.keys = std::move(call.write_keys);
    if (read->key) write.keys.push_back(WriteKey{WriteKey::Scope::client, std::move(*read->key)});
    write.request_digest = read->digest;
    Result<WriteAnswer> answer = co_await server.use_cases.append.run(
        read->id, std::move(read->messages), std::move(write), std::move(call.context)
    );
    co_return text_of(std::move(answer), wire::append_answer);
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
