#include "http/application.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <new>

#include "batch_ingest.hpp"
#include "encoding/url.hpp"
#include "exchange.hpp"
#include "framing_gate.hpp"
#include "handlers.hpp"
#include "negotiation.hpp"
#include "string_exchange.hpp"
#include "trace.hpp"
#include "wire/fields.hpp"
#include "wire/headers.hpp"
#include "wire/problem.hpp"

namespace rag::http {

namespace {

wire::ProblemPlace place_of(const Admission& admission) {
    return wire::ProblemPlace{admission.path, admission.context.trace.id};
}

wire::Response problem(
    const Admission& admission, int status, std::string_view code, std::string detail
) {
    const wire::HttpProblem what{status, code, std::move(detail)};
    return wire::problem_response(what, place_of(admission));
}

constexpr std::chrono::milliseconds kStartPoll{5};

bool needs_store(RouteClass kind, bool network) {
    switch (kind) {
        case RouteClass::probe:
        case RouteClass::page:
            return false;
        case RouteClass::mcp:  // A handshake needs none; a forwarded line always does.
            return !network;
        case RouteClass::read:
        case RouteClass::write:
        case RouteClass::stream:
            break;
    }
    return true;
}

/// Counts what a stream answered.
class CountingSink final : public AnswerSink {
public:
    explicit CountingSink(AnswerSink& inner) : inner_(inner) {}
    Task<bool> begin(wire::Response head) override {
        status_ = head.status;
        begun_ = true;
        return inner_.begin(std::move(head));
    }
    Task<bool> write(std::string piece) override { return inner_.write(std::move(piece)); }
    Task<bool> send(wire::Response answer) override {
        status_ = answer.status;
        begun_ = true;
        return inner_.send(std::move(answer));
    }
    int status() const { return status_; }
    bool begun() const { return begun_; }

private:
    AnswerSink& inner_;
    int status_ = 200;
    bool begun_ = false;
};

}  // namespace

struct Application::Impl {
    Impl(ApplicationConfig c, ApplicationParts p)
        : config(std::move(c)),
          parts(std::move(p)),
          handlers(config, parts),
          batch(parts.use_cases.ingest, parts.pool, config.body_bytes_max) {}

    std::optional<wire::Response> check_caller(
        const Admission& admission, const wire::Request& head
    ) const;
    std::optional<wire::Response> check_types(const Admission& admission, const wire::Request& head)
        const;
    std::optional<wire::Response> find_route(Admission& admission, const wire::Request& head) const;
    void count(const Admission& admission, int status) const;
    /// Whether it failed because this owner is going away: the next one may do it.
    bool is_left_undone(const Admission& admission, bool from_ourselves) const;
    Task<wire::Response> call_handler(const Admission& admission, wire::Request request);
    Task<std::optional<wire::Response>> wait_for_start(
        const Admission& admission, wire::Origin origin
    );

    ApplicationConfig config;
    ApplicationParts parts;
    Handlers handlers;
    BatchIngest batch;
};

std::optional<wire::Response> Application::Impl::find_route(
    Admission& admission, const wire::Request& head
) const {
    if (head.origin != wire::Origin::network) {
        for (const OwnerRoute& route : parts.owner_routes) {
            if (route.method != head.method || route.path != admission.path) continue;
            admission.owner_route = &route;
            return std::nullopt;
        }
    }
    const RouteMatch match = match_route(head.method, admission.path);
    if (!is_known_method(head.method)) {
        return problem(admission, 501, "method_not_implemented", "this method is not known here");
    }
    if (!match.path_known) {
        admission.metrics_method = head.method;
        return problem(admission, 404, "not_found", "there is no such path");
    }
    admission.metrics_route = match.pattern;
    if (match.route == nullptr) {
        const std::string allowed = allowed_methods(admission.path);
        wire::Response response =
            problem(admission, 405, "method_not_allowed", "this path takes " + allowed);
        response.headers.push_back(wire::Header{"Allow", allowed});
        return response;
    }
    admission.route = match.route;
    admission.metrics_method = head.method;
    admission.metrics_time = true;
    admission.probe = match.route->kind == RouteClass::probe;
    admission.streamed = match.route->kind == RouteClass::stream;
    // A broken escape has been refused with the target.
    admission.path_id = encoding::percent_decode(match.segment, false).value_or("");
    return std::nullopt;
}

std::optional<wire::Response> Application::Impl::check_caller(
    const Admission& admission, const wire::Request& head
) const {
    if (head.origin != wire::Origin::network) return std::nullopt;
    if (admission.route != nullptr && !admission.route->checks_host) return std::nullopt;
    const std::string_view host = head.header("Host");
    if (!is_allowed_host(host, config.allowed_hosts)) {
        return problem(
            admission,
            421,
            "misdirected_request",
            "this server does not answer for that Host; ALLOWED_HOSTS names those it answers for"
        );
    }
    const std::string origin = joined_header(head, "Origin");
    if (!is_allowed_origin(origin, host, config.allowed_origins, config.allowed_hosts)) {
        return problem(
            admission,
            403,
            "forbidden",
            "requests of that Origin are not allowed; ALLOWED_ORIGINS names those that are"
        );
    }
    return std::nullopt;
}

std::optional<wire::Response> Application::Impl::check_types(
    const Admission& admission, const wire::Request& head
) const {
    if (admission.route == nullptr) return std::nullopt;
    const Route& route = *admission.route;
    const std::string type = joined_header(head, "Content-Type");
    const std::string coding = joined_header(head, "Content-Encoding");
    if (!route.consumes.empty() && (!has_content_type(type, route.consumes) || !coding.empty())) {
        return problem(
            admission,
            415,
            "unsupported_media_type",
            "the body must be " + std::string(route.consumes) + " in UTF-8, not compressed"
        );
    }
    if (!route.produces.empty() && !wire::accepts(joined_header(head, "Accept"), route.produces)) {
        return problem(
            admission, 406, "not_acceptable", "the answer is " + std::string(route.produces)
        );
    }
    if (route.kind == RouteClass::stream && !head.header("Idempotency-Key").empty()) {
        Error error{
            ErrorCode::invalid_argument,
            "is not taken here: a repeated line is known by its content",
            "/Idempotency-Key"};
        return wire::problem_response(error, place_of(admission));
    }
    return std::nullopt;
}

void Application::Impl::count(const Admission& admission, int status) const {
    if (admission.owner_route != nullptr) return;
    const std::string_view method = admission.metrics_method;
    const std::string_view route = admission.metrics_route;
    const std::string code = std::to_string(status);
    parts.telemetry.count("http_requests_total", {method, route, code});
    if (!admission.metrics_time) return;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - admission.began;
    parts.telemetry.observe("http_request_duration_seconds", {method, route}, taken.count());
}

bool Application::Impl::is_left_undone(const Admission& admission, bool from_ourselves) const {
    return admission.route != nullptr && needs_store(admission.route->kind, !from_ourselves) &&
           parts.use_cases.health.current().status == HealthStatus::draining;
}

Task<wire::Response> Application::Impl::call_handler(
    const Admission& admission, wire::Request request
) {
    std::string failure;
    try {
        if (admission.owner_route != nullptr) {
            co_return co_await admission.owner_route->handler(
                std::move(request), admission.context
            );
        }
        const Call call{request, admission.query, admission.path_id, admission.context};
        co_return co_await (handlers.*admission.route->handler)(call);
    } catch (const std::bad_alloc&) {
        failure = "out of memory";
    } catch (const std::exception& thrown) {
        failure = thrown.what();
    }
    // The text goes to the log only: it may tell of the inside.
    const LogField fields[] = {{"error", std::string_view(failure)}};
    parts.telemetry.log(
        LogLevel::error, "app.http", "Request failed", admission.context.trace.id, fields
    );
    const Error error{ErrorCode::internal, "The request could not be handled.", {}};
    co_return wire::problem_response(error, place_of(admission));
}

/// A refusal if the store or the model is still being opened. Strangers are told to come again;
/// our own processes wait here, so that no command fails because it came early.
Task<std::optional<wire::Response>> Application::Impl::wait_for_start(
    const Admission& admission, wire::Origin origin
) {
    const bool network = origin == wire::Origin::network;
    if (admission.route == nullptr || !needs_store(admission.route->kind, network)) {
        co_return std::nullopt;
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (parts.use_cases.health.current().status == HealthStatus::starting) {
        if (network || std::chrono::steady_clock::now() >= admission.context.deadline) {
            co_return problem(admission, 503, "starting", "the server is starting; try again");
        }
        timer.expires_after(kStartPoll);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return std::nullopt;
}

Application::Application(ApplicationConfig config, ApplicationParts parts)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(parts))) {}

Application::~Application() = default;

const ApplicationConfig& Application::config() const { return impl_->config; }

Admission Application::admit(const wire::Request& head, const CallContext& context) const {
    Admission admission;
    admission.began = std::chrono::steady_clock::now();
    admission.body_bytes_max = impl_->config.body_bytes_max;
    admission.context = context;
    if (admission.context.trace.id.empty()) {
        admission.context.trace.id = trace_id_from(head.header("traceparent"));
    }
    const std::string_view target = head.target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    admission.path = target.substr(0, mark);
    admission.query = target.substr(std::min(mark + 1, target.size()));

    std::optional<wire::Response> no_route = impl_->find_route(admission, head);
    admission.refusal = impl_->check_caller(admission, head);
    if (!admission.refusal) admission.refusal = std::move(no_route);
    if (!admission.refusal) admission.refusal = impl_->check_types(admission, head);

    const bool writes =
        admission.route != nullptr &&
        (admission.route->kind == RouteClass::write ||
         admission.route->kind == RouteClass::stream || admission.route->kind == RouteClass::mcp);
    const auto timeout = writes ? impl_->config.ingest_timeout : impl_->config.request_timeout;
    admission.context.deadline =
        std::min<Deadline>(admission.context.deadline, admission.began + timeout);
    return admission;
}

Task<wire::Response> Application::answer(Admission admission, wire::Request request) {
    const bool from_ourselves = request.origin != wire::Origin::network;
    wire::Response response;
    if (!admission.refusal) {
        admission.refusal = co_await impl_->wait_for_start(admission, request.origin);
    }
    if (admission.refusal) {
        response = std::move(*admission.refusal);
    } else {
        response = co_await impl_->call_handler(admission, std::move(request));
    }
    if (response.status == 503 && impl_->is_left_undone(admission, from_ourselves)) {
        response =
            problem(admission, 503, "shutting_down", "the server is shutting down; try again");
    }
    impl_->count(admission, response.status);
    if (from_ourselves) {
        response.headers.push_back(wire::Header{
            std::string(wire::kVersionHeader), impl_->config.version});
    }
    co_return response;
}

Task<bool> Application::stream(
    Admission admission, wire::Request head, BodySource& body, AnswerSink& answers
) {
    BatchIngest::Caller caller{admission.context, {}, impl_->config.ingest_timeout};
    if (head.origin != wire::Origin::network) {
        caller.forward_key = head.header(wire::kForwardKeyHeader);
    }
    CountingSink counting(answers);
    if (auto refusal = co_await impl_->wait_for_start(admission, head.origin)) {
        impl_->count(admission, refusal->status);
        co_return co_await answers.send(std::move(*refusal));
    }
    const bool complete = co_await impl_->batch.run(body, counting, std::move(caller));
    if (counting.begun()) impl_->count(admission, counting.status());
    co_return complete;
}

Task<wire::Response> Application::handle(wire::Request request, CallContext context) {
    Admission admission = admit(request, context);
    if (!admission.refusal && request.body.size() > admission.body_bytes_max &&
        !admission.streamed) {
        admission.refusal = problem(admission, 413, "too_large", "the body is too large");
    }
    if (admission.refusal || !admission.streamed) {
        co_return co_await answer(std::move(admission), std::move(request));
    }
    StringSource body(std::exchange(request.body, {}));
    StringSink answers;
    co_await stream(std::move(admission), std::move(request), body, answers);
    co_return answers.take();
}

wire::Response Application::refusal(
    const Admission& admission, int status, std::string_view code, std::string detail
) const {
    return problem(admission, status, code, std::move(detail));
}

wire::Response Application::refuse(
    const Admission& admission, int status, std::string_view code, std::string detail
) const {
    impl_->count(admission, status);
    return problem(admission, status, code, std::move(detail));
}

wire::Response Application::refuse_malformed(int status, std::string_view code, std::string detail)
    const {
    Admission nothing;
    nothing.context.trace.id = trace_id_from({});
    return refuse(nothing, status, code, std::move(detail));
}

}  // namespace rag::http
