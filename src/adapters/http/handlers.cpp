#include "handlers.hpp"

#include "encoding/url.hpp"
#include "openapi.hpp"
#include "parse_body.hpp"
#include "wire/parse.hpp"
#include "wire/problem.hpp"
#include "wire/render.hpp"
#include "write_context.hpp"

namespace rag::http {

namespace {

wire::Response error_response(const Error& error, const Call& call) {
    const std::string_view target = call.request.target;
    return wire::problem_response(
        error,
        wire::ProblemPlace{std::string(target.substr(0, target.find('?'))), call.context.trace.id}
    );
}

Result<void> no_parameters(const Call& call) {
    Result<encoding::Value> parameters = encoding::parse_query_string(call.query);
    if (!parameters) return tl::unexpected<Error>(std::move(parameters.error()));
    return wire::FieldReader(*parameters, {}, wire::FieldReader::Form::query).finish();
}

/// The query string of the next page: the same parameters, another cursor.
std::string next_page_target(std::string_view query, const std::string& cursor) {
    std::string target = "/conversations?";
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty() || pair.starts_with("cursor=")) continue;
        target += pair;
        target += '&';
    }
    return target + "cursor=" + encoding::percent_encode(cursor);
}

}  // namespace

wire::ReadingRules Handlers::reading(std::optional<OnInvalid> on_invalid) const {
    return {&use_cases_.default_zone, on_invalid};
}

Task<wire::Response> Handlers::ingest(const Call& call) {
    const Result<IngestRequest> request = wire::parse_ingest_query(call.query);
    if (!request) co_return error_response(request.error(), call);
    Result<std::vector<WriteKey>> keys = write_keys(call.request);
    if (!keys) co_return error_response(keys.error(), call);

    auto parse = [rules = reading(request->on_invalid)](std::string_view body) {
        return wire::parse_conversation(body, rules);
    };
    ParsedBody<wire::SentConversation> body = co_await parse_body<wire::SentConversation>(
        parts_.pool, std::move(call.request.body), parse, call.context
    );
    if (!body.value) co_return error_response(body.value.error(), call);
    Result<IfExists> if_exists = settled(*request, body.value->wishes);
    if (!if_exists) co_return error_response(if_exists.error(), call);
    if (Result<void> added = add_body_key(*keys, body.value->wishes.idempotency_key); !added)
        co_return error_response(added.error(), call);

    WriteContext write;
    write.keys = std::move(*keys);
    write.request_digest = request_digest(call.request, body.digest);
    write.former_digest = body.digest;
    Result<WriteAnswer> answer = co_await use_cases_.ingest.run(
        std::move(body.value->conversation), std::move(write), call.context, *if_exists
    );
    if (!answer) co_return error_response(as_sent(answer.error(), body.value->names), call);

    const bool legacy = !use_cases_.use_new_architecture;
    co_return write_response(
        *answer, legacy ? wire::legacy_ingest_answer : wire::ingest_answer, body.value->notes
    );
}

Task<wire::Response> Handlers::append_messages(const Call& call) {
    const Result<AppendRequest> request = wire::parse_append_query(call.query);
    if (!request) co_return error_response(request.error(), call);
    Result<ConversationId> id = wire::parse_conversation_id(call.path["id"]);
    if (!id) co_return error_response(id.error(), call);
    Result<std::vector<WriteKey>> keys = write_keys(call.request);
    if (!keys) co_return error_response(keys.error(), call);

    auto parse = [rules = reading(request->on_invalid)](std::string_view body) {
        return wire::parse_messages(body, rules);
    };
    ParsedBody<wire::SentMessages> body = co_await parse_body<wire::SentMessages>(
        parts_.pool, std::move(call.request.body), parse, call.context
    );
    if (!body.value) co_return error_response(body.value.error(), call);
    const wire::WriteWishes& wishes = body.value->wishes;
    Result<std::optional<OnInvalid>> on_invalid =
        wire::agreed(request->on_invalid, wishes.on_invalid, "/on_invalid");
    if (!on_invalid) co_return error_response(on_invalid.error(), call);
    if (Result<void> added = add_body_key(*keys, wishes.idempotency_key); !added)
        co_return error_response(added.error(), call);

    WriteContext write;
    write.keys = std::move(*keys);
    write.request_digest = request_digest(call.request, body.digest);
    Result<WriteAnswer> answer = co_await use_cases_.append.run(
        *id, std::move(body.value->messages), std::move(write), call.context
    );
    if (!answer) co_return error_response(as_sent(answer.error(), body.value->names), call);

    co_return write_response(*answer, wire::append_answer, body.value->notes);
}

Task<wire::Response> Handlers::list_messages(const Call& call) {
    Result<ConversationId> id = wire::parse_conversation_id(call.path["id"]);
    if (!id) co_return error_response(id.error(), call);
    Result<MessagesRequest> request = wire::parse_messages_query(call.query);
    if (!request) co_return error_response(request.error(), call);
    request->conversation_id = *id;

    Result<MessagePage> page = co_await use_cases_.get.messages(std::move(*request), call.context);
    if (!page) co_return error_response(page.error(), call);

    co_return wire::json_response(200, wire::render_messages(*page));
}

// GET /search?q=&top_k=
Task<wire::Response> Handlers::search_by_query(const Call& call) {
    Result<SearchRequest> request = wire::parse_search_query(call.query, config_.search_top_k);
    co_return co_await search(std::move(request), call, Door::query);
}

Task<wire::Response> Handlers::search_by_body(const Call& call) {
    if (Result<void> none = no_parameters(call); !none)
        co_return error_response(none.error(), call);
    auto parse = [top_k = config_.search_top_k](std::string_view body) {
        return wire::parse_search(body, top_k);
    };
    ParsedBody<SearchRequest> body = co_await parse_body<SearchRequest>(
        parts_.pool, std::move(call.request.body), parse, call.context
    );
    co_return co_await search(std::move(body.value), call, Door::body);
}

Task<wire::Response> Handlers::search(Result<SearchRequest> request, const Call& call, Door door) {
    if (!request) co_return error_response(request.error(), call);
    if (!use_cases_.use_new_architecture) {
        const std::string query = request->query;
        Result<std::vector<LegacyResult>> rows =
            co_await use_cases_.legacy_search.run(std::move(*request), call.context);
        if (rows) co_return wire::json_response(200, wire::render_legacy_search(query, *rows));
        co_return error_response(told_at<SearchRequest>(door, std::move(rows.error())), call);
    }

    Result<SearchResponse> found =
        co_await use_cases_.search.run(std::move(*request), call.context);
    if (found) co_return wire::json_response(200, wire::render_search(*found));
    co_return error_response(told_at<SearchRequest>(door, std::move(found.error())), call);
}

Task<wire::Response> Handlers::list_conversations(const Call& call) {
    Result<ListRequest> request = wire::parse_list_query(call.query);
    if (!request) co_return error_response(request.error(), call);

    Result<ListResponse> page = co_await use_cases_.list.run(std::move(*request), call.context);
    if (!page) co_return error_response(page.error(), call);

    wire::Response response =
        wire::json_response(200, wire::render_conversations(page->conversations));
    if (page->next_cursor) {
        const std::string next = next_page_target(call.query, *page->next_cursor);
        response.headers.push_back(wire::Header{"Link", "<" + next + ">; rel=\"next\""});
    }
    co_return response;
}

Task<wire::Response> Handlers::get_conversation(const Call& call) {
    if (Result<void> none = no_parameters(call); !none)
        co_return error_response(none.error(), call);
    Result<ConversationId> id = wire::parse_conversation_id(call.path["id"]);
    if (!id) co_return error_response(id.error(), call);

    Result<ConversationWithChunks> conversation =
        co_await use_cases_.get.with_chunks(*id, call.context);
    if (!conversation) co_return error_response(conversation.error(), call);

    co_return wire::json_response(200, wire::render_conversation(*conversation));
}

// PATCH /conversations/{id}
Task<wire::Response> Handlers::update_conversation(const Call& call) {
    if (Result<void> none = no_parameters(call); !none)
        co_return error_response(none.error(), call);
    Result<ConversationId> id = wire::parse_conversation_id(call.path["id"]);
    if (!id) co_return error_response(id.error(), call);
    Result<std::vector<WriteKey>> keys = write_keys(call.request);
    if (!keys) co_return error_response(keys.error(), call);

    auto parse = [](std::string_view body) { return wire::parse_header_patch(body); };
    ParsedBody<HeaderPatch> body = co_await parse_body<HeaderPatch>(
        parts_.pool, std::move(call.request.body), parse, call.context
    );
    if (!body.value) co_return error_response(body.value.error(), call);

    WriteContext write;
    write.keys = std::move(*keys);
    write.request_digest = request_digest(call.request, body.digest);
    Result<WriteAnswer> answer =
        co_await use_cases_.update.run(*id, std::move(*body.value), std::move(write), call.context);
    if (!answer) co_return error_response(answer.error(), call);

    co_return write_response(*answer, wire::update_answer);
}

Task<wire::Response> Handlers::delete_conversation(const Call& call) {
    if (Result<void> none = no_parameters(call); !none)
        co_return error_response(none.error(), call);
    Result<ConversationId> id = wire::parse_conversation_id(call.path["id"]);
    if (!id) co_return error_response(id.error(), call);
    Result<std::vector<WriteKey>> keys = write_keys(call.request);
    if (!keys) co_return error_response(keys.error(), call);

    WriteContext write;
    write.keys = std::move(*keys);
    write.request_digest = request_digest(call.request, encoding::sha256(call.request.body.text()));
    Result<WriteAnswer> answer =
        co_await use_cases_.remove.run(*id, std::move(write), call.context);
    if (!answer) co_return error_response(answer.error(), call);

    co_return write_response(*answer, wire::delete_answer);
}

Task<wire::Response> Handlers::mcp(const Call& call) {
    co_return co_await parts_.mcp(std::move(call.request), call.context);
}

Task<wire::Response> Handlers::openapi(const Call& call) {
    if (Result<void> none = no_parameters(call); !none)
        co_return error_response(none.error(), call);
    const OpenApiFacts facts{config_.title, config_.version, config_.search_top_k};
    co_return wire::json_response(200, openapi_document(facts));
}

// POST /ingest/batch
Task<bool> Handlers::ingest_batch(
    const Call& call, wire::BodySource& body, wire::AnswerSink& answers
) {
    if (!call.request.header("Idempotency-Key").empty()) {
        const Error error{
            ErrorCode::invalid_argument,
            "is not taken here: a repeated line is known by its content",
            "/Idempotency-Key"};
        wire::Response refusal = error_response(error, call);
        co_return co_await answers.send(std::move(refusal));
    }
    const Result<IngestRequest> request = wire::parse_ingest_query(call.query);
    if (!request) {
        wire::Response refusal = error_response(request.error(), call);
        co_return co_await answers.send(std::move(refusal));
    }
    BatchIngest::Caller caller = batch_caller(call.request, call.context, config_.ingest_timeout);
    caller.request = *request;
    co_return co_await batch_.run(body, answers, std::move(caller));
}

}  // namespace rag::http
