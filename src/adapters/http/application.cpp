#include "http/application.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "access_line.hpp"
#include "admission.hpp"
#include "cors.hpp"
#include "handlers.hpp"
#include "stoppable_source.hpp"
#include "wire/call_headers.hpp"
#include "wire/problem.hpp"

namespace rag::http {

namespace {

/// Counts what comes of a streamed body.
class CountedBody final : public wire::BodySource {
public:
    explicit CountedBody(wire::BodySource& inner) : inner_(inner) {}
    Task<Result<bool>> read(std::string& buffer) override {
        const std::size_t before = buffer.size();
        Result<bool> more = co_await inner_.read(buffer);
        bytes_ += buffer.size() - before;
        co_return more;
    }
    bool hold(std::size_t bytes) override { return inner_.hold(bytes); }
    std::size_t bytes() const { return bytes_; }

private:
    wire::BodySource& inner_;
    std::size_t bytes_ = 0;
};

/// What the header of every answer says of its request: who may read it, where it is traced.
void tell_of(const Admission& admission, wire::Response& answer) {
    let_read(answer, admission.readable_by);
    const bool page = admission.route != nullptr && admission.route->kind == RouteClass::page;
    if (admission.origin != wire::Origin::network || admission.probe || page) return;
    answer.headers.push_back(wire::answer_traceparent(admission.context.trace));
}

/// Counts what a stream answered, and tells of it.
class CountedAnswer final : public wire::AnswerSink {
public:
    CountedAnswer(wire::AnswerSink& inner, const Admission& admission)
        : inner_(inner), admission_(admission) {}
    Task<bool> begin(wire::Response head) override {
        note(head);
        return inner_.begin(std::move(head));
    }
    Task<bool> write(std::string piece) override {
        bytes_ += piece.size();
        return inner_.write(std::move(piece));
    }
    Task<bool> send(wire::Response answer) override {
        note(answer);
        return inner_.send(std::move(answer));
    }
    int status() const { return status_; }
    bool begun() const { return begun_; }
    std::size_t bytes() const { return bytes_; }

private:
    void note(wire::Response& head) {
        status_ = head.status;
        begun_ = true;
        bytes_ += head.body.size();
        tell_of(admission_, head);
    }

    wire::AnswerSink& inner_;
    const Admission& admission_;
    int status_ = 200;
    bool begun_ = false;
    std::size_t bytes_ = 0;
};

/// Reads the whole of a body that is still coming. `too_large`: it is more than `bytes_max`.
Task<Result<void>> read_all(wire::BodySource& body, std::size_t bytes_max, wire::Request& request) {
    std::string text;
    while (true) {
        Result<bool> more = co_await body.read(text);
        if (!more) co_return tl::unexpected<Error>(std::move(more.error()));
        if (!*more) break;
        if (text.size() > bytes_max) {
            co_return fail(ErrorCode::too_large, "the body is too large");
        }
    }
    request.body = std::move(text);
    co_return Result<void>();
}

}  // namespace

struct Application::Impl {
    Impl(ApplicationConfig c, ApplicationParts p)
        : config(std::move(c)),
          parts(std::move(p)),
          handlers(config, parts),
          doorkeeper(config, parts) {}

    /// What is kept of every request that has been answered: a count, a time, a line.
    void count(Admission& admission, int status, Traffic traffic) const;
    /// Whether it failed because this owner is going away: the next one may do it.
    bool is_left_undone(const Admission& admission, wire::Origin origin) const;
    wire::Response failed(const Admission& admission, std::string_view why) const;
    Task<wire::Response> call_handler(const Admission& admission, wire::Request request);
    Task<bool> call_stream(
        const Admission& admission,
        wire::Request head,
        wire::BodySource& body,
        wire::AnswerSink& answers
    );

    ApplicationConfig config;
    ApplicationParts parts;
    Handlers handlers;
    Doorkeeper doorkeeper;
};

void Application::Impl::count(Admission& admission, int status, Traffic traffic) const {
    if (std::exchange(admission.counted, true) || admission.owner_route != nullptr) return;
    write_access_line(parts.telemetry, admission, status, traffic);
    const std::string_view method = admission.metrics_method;
    const std::string_view route = admission.metrics_route;
    const std::string code = std::to_string(status);
    parts.telemetry.count("http_requests_total", {method, route, code});
    if (!admission.metrics_time) return;
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - admission.began;
    parts.telemetry.observe("http_request_duration_seconds", {method, route}, taken.count());
}

bool Application::Impl::is_left_undone(const Admission& admission, wire::Origin origin) const {
    return admission.route != nullptr && needs_store(admission.route->kind, origin) &&
           parts.use_cases.health.is_draining();
}

wire::Response Application::Impl::failed(const Admission& admission, std::string_view why) const {
    // The text goes to the log only: it may tell of the inside.
    const LogField fields[] = {{"error", why}};
    parts.telemetry.log(
        LogLevel::error, "app.http", "Request failed", admission.context.trace.id, fields
    );
    const Error error{ErrorCode::internal, "The request could not be handled.", {}};
    return wire::problem_response(error, place_of(admission));
}

Task<wire::Response> Application::Impl::call_handler(
    const Admission& admission, wire::Request request
) {
    std::string failure;
    try {
        if (admission.owner_route != nullptr) {
            const auto& handler = std::get<wire::Handler>(admission.owner_route->handler);
            co_return co_await handler(std::move(request), admission.context);
        }
        const Call call{request, admission.query, admission.path_values, admission.context};
        const WholeFunction handler = std::get<WholeFunction>(admission.route->handler);
        co_return co_await (handlers.*handler)(call);
    } catch (const std::bad_alloc&) {
        failure = "out of memory";
    } catch (const std::exception& thrown) {
        failure = thrown.what();
    }
    co_return failed(admission, failure);
}

Task<bool> Application::Impl::call_stream(
    const Admission& admission,
    wire::Request head,
    wire::BodySource& body,
    wire::AnswerSink& answers
) {
    if (admission.owner_route != nullptr) {
        const auto& handler = std::get<wire::StreamHandler>(admission.owner_route->handler);
        co_return co_await handler(std::move(head), admission.context, body, answers);
    }
    const Call call{head, admission.query, admission.path_values, admission.context};
    const StreamFunction handler = std::get<StreamFunction>(admission.route->handler);
    if (head.origin == wire::Origin::network) {
        co_return co_await (handlers.*handler)(call, body, answers);
    }
    StoppableSource stoppable(body, parts.use_cases.health);
    co_return co_await (handlers.*handler)(call, stoppable, answers);
}

Application::Application(ApplicationConfig config, ApplicationParts parts)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(parts))) {}

Application::~Application() = default;

const ApplicationConfig& Application::config() const { return impl_->config; }

Task<Admission> Application::admit(const wire::Request& head, CallContext context) const {
    return impl_->doorkeeper.admit(head, std::move(context));
}

Task<wire::Response> Application::answer(Admission& admission, wire::Request request) {
    const wire::Origin origin = request.origin;
    const std::size_t bytes_in = request.body.size();
    wire::Response response;
    if (admission.refusal) {
        response = std::move(*admission.refusal);
    } else {
        response = co_await impl_->call_handler(admission, std::move(request));
    }
    if (response.status == 503 && impl_->is_left_undone(admission, origin)) {
        response =
            problem(admission, 503, "shutting_down", "the server is shutting down; try again");
    }
    impl_->count(admission, response.status, {bytes_in, response.body.size()});
    tell_of(admission, response);
    if (origin != wire::Origin::network) {
        response.headers.push_back(wire::Header{
            std::string(wire::kVersionHeader), impl_->config.version});
    }
    co_return response;
}

Task<bool> Application::stream(
    Admission& admission, wire::Request head, wire::BodySource& body, wire::AnswerSink& answers
) {
    const wire::Origin origin = head.origin;
    CountedBody coming(body);
    CountedAnswer counting(answers, admission);
    std::string failure;
    bool complete = false;
    try {
        complete = co_await impl_->call_stream(admission, std::move(head), coming, counting);
    } catch (const std::bad_alloc&) {
        failure = "out of memory";
    } catch (const std::exception& thrown) {
        failure = thrown.what();
    }
    wire::Response refusal;
    if (!failure.empty()) refusal = impl_->failed(admission, failure);
    if (!counting.begun() && !complete) {
        // Where the body broke off, the listener knows better why.
        const bool left_undone =
            origin != wire::Origin::network && impl_->is_left_undone(admission, origin);
        if (left_undone) {
            refusal =
                problem(admission, 503, "shutting_down", "the server is shutting down; try again");
        }
        if (left_undone || !failure.empty()) {
            complete = co_await counting.send(std::move(refusal));
        }
    }
    if (counting.begun()) {
        impl_->count(admission, counting.status(), {coming.bytes(), counting.bytes()});
    }
    co_return complete;
}

Task<wire::Response> Application::handle(wire::Request request, CallContext context) {
    Admission admission = co_await admit(request, std::move(context));
    const bool too_large = request.body.size() > admission.body_bytes_max && !admission.streamed;
    if (!admission.refusal && too_large) {
        admission.refusal = problem(admission, 413, "too_large", "the body is too large");
    }
    if (admission.refusal || !admission.streamed) {
        co_return co_await answer(admission, std::move(request));
    }
    wire::StringSource body(std::exchange(request.body, {}));
    wire::StringSink answers;
    co_await stream(admission, std::move(request), body, answers);
    co_return answers.take();
}

Task<bool> Application::handle(
    wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
) {
    Admission admission = co_await admit(head, std::move(context));
    if (!admission.refusal && admission.streamed) {
        co_return co_await stream(admission, std::move(head), body, answers);
    }
    // Who is not asked for a body can be asked again by whoever carries the request.
    const bool has_body = head.method != "GET" && head.method != "HEAD";
    if (!admission.refusal && has_body) {
        Result<void> read = co_await read_all(body, admission.body_bytes_max, head);
        if (!read) admission.refusal = wire::problem_response(read.error(), place_of(admission));
    }
    wire::Response response = co_await answer(admission, std::move(head));
    co_return co_await answers.send(std::move(response));
}

wire::Response Application::refusal(
    const Admission& admission, int status, std::string_view code, std::string detail
) const {
    return problem(admission, status, code, std::move(detail));
}

wire::Response Application::refuse(
    Admission& admission, int status, std::string_view code, std::string detail
) const {
    wire::Response response = problem(admission, status, code, std::move(detail));
    impl_->count(admission, status, {0, response.body.size()});
    tell_of(admission, response);
    return response;
}

wire::Response Application::refuse_malformed(
    int status, std::string_view code, std::string detail, const Sender& sender
) const {
    // Nobody is asked for anything: only the trace is looked at.
    Admission nothing(CallContext::of_default_tenant(Deadline::max(), wire::trace_from({})));
    nothing.readable_by = impl_->doorkeeper.readable_by(sender);
    return refuse(nothing, status, code, std::move(detail));
}

}  // namespace rag::http
