#include "resources.hpp"

#include <utility>

#include "prompts.hpp"
#include "wire/problem.hpp"

namespace rag::mcp {
namespace {

constexpr std::string_view kMimeType = "text/plain";

// A user who attaches a conversation wants all of it; a client still has to hold it.
constexpr std::size_t kResourceTokens = 20'000;

RpcError no_resource(const std::string& uri, Revision revision) {
    encoding::JsonWriter data;
    data.begin_object().member("uri", std::string_view(uri)).end_object();
    const int code = is_modern(revision) ? code::kInvalidParams : code::kResourceNotFound;
    return RpcError{code, "Resource not found", data.take(), 200};
}

std::string uri_of(const RpcMessage& message) { return *message.params.find("uri")->string(); }

void write_resource(encoding::JsonWriter& out, const Transcript& transcript) {
    std::string text = transcript.text;
    if (transcript.next) {
        text += "\n\n[Shortened. get_conversation with cursor \"" + format_place(*transcript.next) +
                "\" reads on.]";
    }
    out.begin_object().member("uri", conversation_uri(transcript.conversation.id));
    out.member("mimeType", kMimeType).member("text", std::string_view(text)).end_object();
}

Task<Result<Transcript>> read_whole(
    const ServerContext& server, ConversationId id, CallContext context
) {
    // Without structured content: the text stands once in the result.
    const ResultBudget budget(
        server.use_cases.token_counter, Revision::v2024_11_05, kResourceTokens
    );
    const ReadPlace begin;
    co_return co_await read_transcript(
        server, id, begin, budget.available(), budget, std::move(context)
    );
}

}  // namespace

std::string resource_templates(Revision revision) {
    encoding::JsonWriter out;
    out.key("resourceTemplates").begin_array().begin_object();
    out.member("uriTemplate", "conversation://{id}").member("name", "conversation");
    if (has_structured_content(revision)) out.member("title", "Conversation");
    out.member("description", "The transcript of a stored conversation");
    out.member("mimeType", kMimeType).end_object().end_array();
    return out.take();
}

std::optional<RpcAnswer> check_resource(const RpcMessage& message, Revision revision) {
    const encoding::Value* uri = message.params.find("uri");
    if (uri == nullptr || uri->string() == nullptr) {
        return refuse(code::kInvalidParams, "uri: the resource to read, a string");
    }
    if (parse_conversation_uri(*uri->string())) return std::nullopt;
    return tl::unexpected<RpcError>(no_resource(*uri->string(), revision));
}

Task<RpcAnswer> list_resources(
    const ServerContext& server, RpcMessage message, Revision revision, CallContext context
) {
    ListRequest request;
    if (const encoding::Value* cursor = message.params.find("cursor");
        cursor && !cursor->is_null()) {
        if (cursor->string() == nullptr) {
            co_return refuse(code::kInvalidParams, "cursor: must be a string");
        }
        request.cursor = *cursor->string();
    }
    Result<ListResponse> page =
        co_await server.use_cases.list.run(std::move(request), std::move(context));
    if (!page) co_return tl::unexpected<RpcError>(rpc_error(page.error()));

    encoding::JsonWriter out;
    out.key("resources").begin_array();
    for (const ConversationSummary& conversation : page->conversations) {
        out.begin_object().member("uri", conversation_uri(conversation.id));
        out.member("name", title_of(conversation));
        if (has_structured_content(revision)) out.member("title", title_of(conversation));
        out.member(
            "description",
            std::to_string(conversation.message_count) + " messages, stored " +
                format_timestamp(conversation.created_at)
        );
        out.member("mimeType", kMimeType).end_object();
    }
    out.end_array();
    if (page->next_cursor) out.member("nextCursor", std::string_view(*page->next_cursor));
    co_return out.take();
}

Task<RpcAnswer> read_resource(
    const ServerContext& server, RpcMessage message, Revision revision, CallContext context
) {
    const std::string uri = uri_of(message);
    const ConversationId id = *parse_conversation_uri(uri);
    Result<Transcript> transcript = co_await read_whole(server, id, std::move(context));
    if (!transcript && transcript.error().code == ErrorCode::not_found) {
        co_return tl::unexpected<RpcError>(no_resource(uri, revision));
    }
    if (!transcript) co_return tl::unexpected<RpcError>(rpc_error(transcript.error()));
    encoding::JsonWriter out;
    out.key("contents").begin_array();
    write_resource(out, *transcript);
    out.end_array();
    co_return out.take();
}

Task<RpcAnswer> summarize_prompt(
    const ServerContext& server, RpcMessage message, CallContext context
) {
    const SummaryRequest request = read_summary_request(message);
    Result<Transcript> transcript =
        co_await read_whole(server, request.conversation, std::move(context));
    if (!transcript && transcript.error().code == ErrorCode::not_found) {
        co_return refuse(code::kInvalidParams, "conversation_id: no such conversation");
    }
    if (!transcript) co_return tl::unexpected<RpcError>(rpc_error(transcript.error()));
    encoding::JsonWriter resource;
    write_resource(resource, *transcript);
    co_return summary_prompt(request, title_of(transcript->conversation), resource.text());
}

RpcError rpc_error(const Error& error) {
    RpcError mapped;
    mapped.message = error.message;
    if (!error.pointer.empty()) mapped.message = error.pointer.substr(1) + ": " + error.message;
    const bool asked_wrongly =
        error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found;
    mapped.code = asked_wrongly ? code::kInvalidParams : code::kInternalError;
    encoding::JsonWriter data;
    data.begin_object().member("code", name_of(error.code)).end_object();
    mapped.data = data.take();
    return mapped;
}

}  // namespace rag::mcp
