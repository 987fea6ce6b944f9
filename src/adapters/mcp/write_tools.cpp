#include <utility>

#include "application/compute.hpp"
#include "encoding/digest.hpp"
#include "tool_call.hpp"
#include "wire/parse.hpp"
#include "wire/render.hpp"

namespace rag::mcp {
namespace {

/// The client's key, if it is one.
std::optional<std::string> read_key(wire::FieldReader& fields) {
    std::optional<std::string> key = fields.string("idempotency_key");
    if (!key) return std::nullopt;
    if (!wire::is_idempotency_key(*key)) {
        fields.refuse("idempotency_key", "must be 1 to 255 visible ASCII characters");
    }
    return key;
}

constexpr std::string_view kData = "/conversation_data";

struct IngestArguments {
    Conversation conversation;
    std::optional<std::string> key;
    encoding::Digest digest;
};

Result<IngestArguments> read_ingest_arguments(const encoding::Value& arguments) {
    wire::FieldReader fields(arguments, "");
    const encoding::Value* data = fields.object("conversation_data");
    if (data == nullptr) fields.refuse("conversation_data", "is missing");
    std::optional<std::string> key = read_key(fields);
    if (Result<void> valid = fields.finish(); !valid) {
        return tl::unexpected<Error>(std::move(valid.error()));
    }
    Result<Conversation> conversation = wire::parse_conversation(*data, std::string(kData));
    if (!conversation) return tl::unexpected<Error>(std::move(conversation.error()));
    // Of the data alone: a retry comes with another id and other spacing.
    return IngestArguments{
        std::move(*conversation), std::move(key), encoding::sha256(data->to_json())};
}

ToolOutput body_of(Result<WriteAnswer> answer) {
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    return std::move(answer->body);
}

}  // namespace

Task<ToolOutput> ingest_conversation(const ServerContext& server, ToolCall call) {
    auto job = [arguments = std::move(call.arguments)] { return read_ingest_arguments(arguments); };
    Result<IngestArguments> read = co_await compute(
        server.work_pool, call.context, to_parse(call.message_bytes), std::move(job)
    );
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));

    WriteContext write;
    write.keys = std::move(call.write_keys);
    if (read->key) write.keys.push_back(WriteKey{WriteKey::Scope::client, std::move(*read->key)});
    write.body_digest = read->digest;
    write.render = wire::ingest_answer();
    Result<WriteAnswer> answer = co_await server.use_cases.ingest.run(
        std::move(read->conversation), std::move(write), std::move(call.context)
    );
    // The use case knows the conversation as a body of its own.
    if (!answer && !answer.error().pointer.empty()) {
        answer.error().pointer.insert(0, kData);
    }
    co_return body_of(std::move(answer));
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
    write.body_digest = encoding::sha256("delete " + std::to_string(id->value));
    write.render = wire::delete_answer();
    co_return body_of(
        co_await server.use_cases.remove.run(*id, std::move(write), std::move(call.context))
    );
}

}  // namespace rag::mcp
