#include "mcp/server.hpp"

#include <utility>

#include "application/compute.hpp"
#include "dispatcher.hpp"
#include "http_rules.hpp"
#include "modern.hpp"
#include "sessions.hpp"
#include "stdio_session.hpp"
#include "wire/problem.hpp"

namespace rag::mcp {
namespace {

constexpr std::string_view kSessionHeader = "Mcp-Session-Id";
constexpr std::size_t kBatchMax = 64;

/// The key that a forwarded message is done once under; each of a batch has its own.
std::vector<WriteKey> forward_keys(const wire::Request& request, std::size_t index) {
    const std::string_view key = request.header(wire::kForwardKeyHeader);
    if (request.origin == wire::Origin::network || key.empty()) return {};
    std::string own(key);
    if (index > 0) own += "." + std::to_string(index);
    return {WriteKey{WriteKey::Scope::forward, std::move(own)}};
}

Invocation invocation(const wire::Request& request, CallContext context) {
    return {forward_keys(request, 0), std::move(context), request.body.size()};
}

/// Why no session can be told from another: the store cannot be read now.
RpcError no_key(const Error& why) {
    return RpcError{code::kInternalError, why.message, {}, wire::http_status(why.code)};
}

RpcError not_a_batch(std::string why) {
    return RpcError{code::kInvalidRequest, "Invalid request: " + std::move(why), {}, 400};
}

}  // namespace

struct Server::Parts {
    Parts(UseCases& use_cases, WorkPool& pool, ServerOptions options)
        : work_pool(pool),
          dispatcher(ServerContext{use_cases, pool, ServerInfo{std::move(options.version)}}),
          session_keys(use_cases.session_keys),
          clock(use_cases.clock),
          sessions(options.session_age_max) {}

    /// `invalid_argument`: no JSON; else an error of the pool.
    Task<Result<Envelope>> parse(wire::Body body, CallContext context);
    Task<wire::Response> post(wire::Request request, CallContext context);
    Task<wire::Response> modern(const wire::Request& request, RpcMessage message, Invocation call);
    Task<wire::Response> legacy(const wire::Request& request, RpcMessage message, Invocation call);
    /// A session of its own, whether or not the client has one already.
    Task<wire::Response> open_session(const RpcMessage& message, CallContext context);
    Task<wire::Response> close_session(wire::Request request, CallContext context);
    Task<tl::expected<Revision, RpcError>> session_of(
        const wire::Request& request, CallContext context
    );

    Task<wire::Response> stdio_line(wire::Request request, CallContext context);
    Task<std::string> stdio_message(StdioSession& session, RpcMessage message, Invocation context);
    /// The answers of a batch, as one array; "": it holds no request.
    Task<tl::expected<std::string, RpcError>> batch(
        const wire::Request& request,
        const encoding::Value::Array& items,
        std::optional<Revision> revision,
        Invocation call
    );

    WorkPool& work_pool;
    Dispatcher dispatcher;
    SessionKeys& session_keys;
    const WallClock& clock;
    SessionIds sessions;
};

Server::Server(UseCases& use_cases, WorkPool& work_pool, ServerOptions options)
    : parts_(std::make_unique<Parts>(use_cases, work_pool, std::move(options))) {}

Server::~Server() = default;

Task<wire::Response> Server::handle_http(wire::Request request, CallContext context) {
    const bool forwarded = request.origin != wire::Origin::network;
    if (forwarded && !request.header(wire::kStdioHeader).empty()) {
        co_return co_await parts_->stdio_line(std::move(request), std::move(context));
    }
    if (request.method == "POST") {
        co_return co_await parts_->post(std::move(request), std::move(context));
    }
    if (request.method == "DELETE") {
        co_return co_await parts_->close_session(std::move(request), std::move(context));
    }
    co_return method_not_allowed();
}

Task<Result<Envelope>> Server::Parts::parse(wire::Body body, CallContext context) {
    const TextAmount text = to_parse(body.size());
    auto job = [body = std::move(body)] { return parse_envelope(body.text()); };
    co_return co_await compute(work_pool, std::move(context), text, std::move(job));
}

Task<wire::Response> Server::Parts::post(wire::Request request, CallContext context) {
    if (std::optional<wire::Response> refused = check_media_types(request)) {
        co_return std::move(*refused);
    }
    Invocation call = invocation(request, std::move(context));
    Result<Envelope> envelope = co_await parse(std::move(request.body), call.request);
    if (!envelope) co_return error_answer(parse_failure(envelope.error()));
    if (const encoding::Value::Array* items = envelope->value.array()) {
        // Whoever has opened no session, or speaks the revision without sessions, sends none.
        if (request.header(kSessionHeader).empty() || is_modern(request, {})) {
            co_return error_answer(not_a_batch("this revision has no batches"));
        }
        const tl::expected<Revision, RpcError> revision =
            co_await session_of(request, call.request);
        if (!revision) co_return error_answer(revision.error());
        const tl::expected<std::string, RpcError> answers =
            co_await batch(request, *items, *revision, std::move(call));
        if (!answers) co_return error_answer(answers.error());
        co_return answers->empty() ? accepted() : json_answer(200, *answers);
    }
    tl::expected<RpcMessage, Malformed> message = read_message(std::move(*envelope));
    if (!message) co_return error_answer(message.error().error, message.error().id);
    if (is_modern(request, *message)) {
        co_return co_await modern(request, std::move(*message), std::move(call));
    }
    co_return co_await legacy(request, std::move(*message), std::move(call));
}

Task<wire::Response> Server::Parts::modern(
    const wire::Request& request, RpcMessage message, Invocation call
) {
    if (message.kind != RpcMessage::Kind::request) co_return accepted();
    const tl::expected<const Method*, RpcError> method = check_modern(message, request);
    if (!method) co_return error_answer(method.error(), message.id);

    const RpcAnswer answer =
        co_await dispatcher.run(**method, message, Revision::v2026_07_28, std::move(call));
    const int status = answer ? 200 : answer.error().status;
    co_return json_answer(
        status, finish(message, **method, answer, Revision::v2026_07_28, dispatcher.server())
    );
}

Task<wire::Response> Server::Parts::legacy(
    const wire::Request& request, RpcMessage message, Invocation call
) {
    const bool is_request = message.kind == RpcMessage::Kind::request;
    if (is_request && message.method == "initialize") {
        co_return co_await open_session(message, call.request);
    }
    const tl::expected<Revision, RpcError> revision = co_await session_of(request, call.request);
    if (!revision) co_return error_answer(revision.error(), message.id);
    if (!is_request) co_return accepted();

    const Method* method = find_method(message.method, *revision);
    if (method == nullptr) {
        co_return error_answer(
            RpcError{code::kMethodNotFound, "Method not found: " + message.method, {}, 200},
            message.id
        );
    }
    const RpcAnswer answer = co_await dispatcher.run(*method, message, *revision, std::move(call));
    co_return json_answer(200, finish(message, *method, answer, *revision, dispatcher.server()));
}

Task<wire::Response> Server::Parts::open_session(const RpcMessage& message, CallContext context) {
    Revision revision = kNewestLegacy;
    const RpcAnswer answer = initialize(message, dispatcher.server(), revision);
    const Method& method = *find_method(message.method, kNewestLegacy);
    wire::Response response =
        json_answer(200, finish(message, method, answer, revision, dispatcher.server()));
    if (!answer) co_return response;

    const TenantId tenant = context.tenant();
    const Result<encoding::Digest> key = co_await session_keys.run(std::move(context));
    if (!key) co_return error_answer(no_key(key.error()), message.id);
    std::string id = SessionIds::make(*key, tenant, revision, clock());
    response.headers.push_back({std::string(kSessionHeader), std::move(id)});
    co_return response;
}

// Nothing is kept of a session, so there is nothing to end: a client that says goodbye is told that
// it was heard.
Task<wire::Response> Server::Parts::close_session(wire::Request request, CallContext context) {
    const tl::expected<Revision, RpcError> revision =
        co_await session_of(request, std::move(context));
    if (!revision) co_return error_answer(revision.error());
    wire::Response response;
    response.status = 200;
    co_return response;
}

Task<tl::expected<Revision, RpcError>> Server::Parts::session_of(
    const wire::Request& request, CallContext context
) {
    const std::string_view id = request.header(kSessionHeader);
    if (id.empty()) {
        co_return refuse(code::kNoSession, "Bad request: Mcp-Session-Id header is required", 400);
    }
    const TenantId tenant = context.tenant();
    const Result<encoding::Digest> key = co_await session_keys.run(std::move(context));
    if (!key) co_return tl::unexpected<RpcError>(no_key(key.error()));
    const std::optional<Revision> revision = sessions.revision_of(id, *key, tenant, clock());
    if (!revision) co_return refuse(code::kSessionNotFound, "Session not found", 404);
    co_return *revision;
}

Task<wire::Response> Server::Parts::stdio_line(wire::Request request, CallContext context) {
    StdioSession session(read_session_state(request.header(wire::kStdioHeader)));
    Invocation call = invocation(request, std::move(context));
    bool left_undone = false;
    call.left_undone = &left_undone;
    const wire::ProblemPlace place{request.target, call.request.trace.id};
    Result<Envelope> envelope = co_await parse(std::move(request.body), call.request);
    std::string line;
    if (!envelope && envelope.error().code != ErrorCode::invalid_argument) {
        // Nobody had time for it. Whoever sent the line knows its id, and answers it.
        co_return wire::problem_response(envelope.error(), place);
    }
    if (!envelope) {
        line = error_text({}, parse_failure(envelope.error()));
    } else if (const encoding::Value::Array* items = envelope->value.array()) {
        const tl::expected<std::string, RpcError> answers =
            co_await batch(request, *items, session.settled(), std::move(call));
        line = answers ? *answers : error_text({}, answers.error());
    } else if (tl::expected<RpcMessage, Malformed> message = read_message(std::move(*envelope));
               !message) {
        line = error_text(message.error().id, message.error().error);
    } else {
        line = co_await stdio_message(session, std::move(*message), std::move(call));
    }
    if (left_undone) {
        // Not a result for a model to read: the line is repeated, and what of it is done keeps.
        const wire::HttpProblem problem{503, "shutting_down", "the owner is going away"};
        co_return wire::problem_response(problem, place);
    }
    wire::Response response = line.empty() ? accepted() : json_answer(200, std::move(line));
    response.headers.push_back(
        {std::string(wire::kStdioHeader), std::string(session_state(session.settled()))}
    );
    co_return response;
}

Task<std::string> Server::Parts::stdio_message(
    StdioSession& session, RpcMessage message, Invocation context
) {
    LinePlan plan = session.plan(message, dispatcher.server());
    if (plan.method == nullptr) co_return std::move(plan.reply);
    const RpcAnswer answer =
        co_await dispatcher.run(*plan.method, message, plan.revision, std::move(context));
    co_return finish(message, *plan.method, answer, plan.revision, dispatcher.server());
}

Task<tl::expected<std::string, RpcError>> Server::Parts::batch(
    const wire::Request& request,
    const encoding::Value::Array& items,
    std::optional<Revision> revision,
    Invocation call
) {
    if (!revision || !has_batches(*revision)) {
        co_return tl::unexpected<RpcError>(not_a_batch("this revision has no batches"));
    }
    if (items.empty()) co_return tl::unexpected<RpcError>(not_a_batch("the batch is empty"));
    if (items.size() > kBatchMax) {
        co_return tl::unexpected<RpcError>(not_a_batch("a batch holds at most 64 messages"));
    }
    StdioSession session(revision);
    std::string answers;
    for (std::size_t index = 0; index < items.size(); ++index) {
        tl::expected<RpcMessage, Malformed> message = read_message(items[index]);
        std::string answer;
        if (message && message->method == "initialize") {
            // A revision with batches has none of a handshake.
            answer = error_text(message->id, not_a_batch("initialize stands alone"));
        } else if (message) {
            call.write_keys = forward_keys(request, index);
            answer = co_await stdio_message(session, std::move(*message), call);
        } else {
            answer = error_text(message.error().id, message.error().error);
        }
        if (answer.empty()) continue;
        answers += (answers.empty() ? "[" : ",") + answer;
    }
    if (!answers.empty()) answers += ']';
    co_return answers;
}

}  // namespace rag::mcp
