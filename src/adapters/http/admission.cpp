#include "admission.hpp"

#include <algorithm>
#include <utility>

#include "cors.hpp"
#include "path_template.hpp"
#include "wire/call_headers.hpp"
#include "wire/headers.hpp"
#include "wire/problem.hpp"

namespace rag::http {

wire::ProblemPlace place_of(const Admission& admission) {
    return wire::ProblemPlace{admission.path, admission.context.trace.id};
}

wire::Response problem(
    const Admission& admission, int status, std::string_view code, std::string detail
) {
    const wire::HttpProblem what{status, code, std::move(detail)};
    return wire::problem_response(what, place_of(admission));
}

bool needs_store(RouteClass kind, wire::Origin origin) {
    switch (kind) {
        case RouteClass::probe:
        case RouteClass::page:
            return false;
        case RouteClass::mcp:  // A handshake needs none; a forwarded line always does.
            return origin != wire::Origin::network;
        case RouteClass::read:
        case RouteClass::write:
            break;
    }
    return true;
}

Task<Admission> Doorkeeper::admit(const wire::Request& head, CallContext given) const {
    Admission admission(std::move(given));
    admission.origin = head.origin;
    admission.method = head.method;
    admission.body_bytes_max = config_.body_bytes_max;
    Result<void> read;
    if (head.origin == wire::Origin::owner_socket) {
        Result<CallContext> sent = wire::read_call_headers(head);
        if (sent) {
            admission.context = std::move(*sent);
        } else {
            read = tl::unexpected(std::move(sent.error()));
        }
    }
    if (admission.context.trace.id.empty()) {
        admission.context.trace = wire::trace_from(head.header("traceparent"));
    }
    const std::string_view target = head.target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    admission.path = target.substr(0, mark);
    admission.query = target.substr(std::min(mark + 1, target.size()));

    Refusal no_route = find_route(admission, head);
    set_deadline(admission);
    admission.refusal = check_caller(admission, head);
    if (!read) admission.refusal = wire::problem_response(read.error(), place_of(admission));
    if (!admission.refusal) admission.refusal = std::move(no_route);
    if (!admission.refusal) admission.refusal = check_types(admission, head);
    const bool waits = !admission.refusal && admission.route != nullptr &&
                       needs_store(admission.route->kind, head.origin);
    if (waits) admission.refusal = co_await wait_for_start(admission, head.origin);
    co_return admission;
}

void Doorkeeper::set_deadline(Admission& admission) const {
    // A stream may be as long as it likes, and stand as long as it goes on.
    if (admission.streamed) return;
    const bool writes = admission.route != nullptr && (admission.route->kind == RouteClass::write ||
                                                       admission.route->kind == RouteClass::mcp);
    const auto timeout = writes ? config_.ingest_timeout : config_.request_timeout;
    admission.context.deadline =
        std::min<Deadline>(admission.context.deadline, admission.began + timeout);
}

bool Doorkeeper::find_owner_route(Admission& admission, const wire::Request& head) const {
    if (head.origin == wire::Origin::network) return false;
    for (const OwnerRoute& route : parts_.owner_routes) {
        if (route.method != head.method || route.path != admission.path) continue;
        admission.owner_route = &route;
        admission.streamed = std::holds_alternative<wire::StreamHandler>(route.handler);
        return true;
    }
    return false;
}

Doorkeeper::Refusal Doorkeeper::find_route(Admission& admission, const wire::Request& head) const {
    if (find_owner_route(admission, head)) return std::nullopt;
    const std::string_view path = without_end_slash(admission.path);
    const RouteMatch match = match_route(head.method, path);
    if (!is_known_method(head.method)) {
        return problem(admission, 501, "method_not_implemented", "this method is not known here");
    }
    if (!match.path_known) {
        admission.metrics_method = head.method;
        return problem(admission, 404, "not_found", "there is no such path");
    }
    admission.metrics_route = match.pattern;
    const Route* read = match_route("GET", path).route;
    admission.checks_host = read == nullptr || read->checks_host;
    if (match.route == nullptr) {
        const std::string allowed = allowed_methods(path);
        if (head.method == "OPTIONS") {
            admission.metrics_method = head.method;
            return preflight_answer(head, allowed);
        }
        wire::Response response =
            problem(admission, 405, "method_not_allowed", "this path takes " + allowed);
        response.headers.push_back(wire::Header{"Allow", allowed});
        return response;
    }
    admission.route = match.route;
    admission.metrics_method = head.method;
    admission.metrics_time = true;
    admission.probe = match.route->kind == RouteClass::probe;
    admission.streamed = std::holds_alternative<StreamFunction>(match.route->handler);
    admission.path_values = path_values(match.route->path, path);
    return std::nullopt;
}

std::string Doorkeeper::readable_by(const Sender& sender) const {
    const bool allowed = is_allowed_origin(
        sender.origin, sender.host, config_.allowed_origins, config_.allowed_hosts
    );
    return allowed ? sender.origin : std::string();
}

Doorkeeper::Refusal Doorkeeper::check_caller(Admission& admission, const wire::Request& head)
    const {
    if (head.origin != wire::Origin::network) return std::nullopt;
    const Sender sender{std::string(head.header("Host")), joined_header(head, "Origin")};
    admission.readable_by = readable_by(sender);
    if (!admission.checks_host) return std::nullopt;
    if (sender.host.empty()) {
        // The framing gate lets it pass where the version does, since it knows of no routes.
        return problem(admission, 400, "malformed_request", "there must be exactly one Host");
    }
    if (!is_allowed_host(sender.host, config_.allowed_hosts)) {
        return problem(
            admission,
            421,
            "misdirected_request",
            "this server does not answer for that Host; ALLOWED_HOSTS names those it answers for"
        );
    }
    if (!sender.origin.empty() && admission.readable_by.empty()) {
        return problem(
            admission,
            403,
            "forbidden",
            "requests of that Origin are not allowed; ALLOWED_ORIGINS names those that are"
        );
    }
    return std::nullopt;
}

Doorkeeper::Refusal Doorkeeper::check_types(const Admission& admission, const wire::Request& head)
    const {
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
    return std::nullopt;
}

/// A refusal if the store or the model is still being opened. Strangers are told to come again;
/// our own processes wait here, so that no command fails because it came early. Nothing of a body
/// has been read yet, so what is refused here can be sent again to the next owner.
Task<Doorkeeper::Refusal> Doorkeeper::wait_for_start(
    const Admission& admission, wire::Origin origin
) const {
    HealthCheck& health = parts_.use_cases.health;
    const bool own = origin != wire::Origin::network;
    bool starting = health.is_starting();
    if (starting && own) {
        co_await health.wait_for_start(admission.context.deadline);
        starting = health.is_starting();
    }
    // A stream of ours would be cut short at once; the next owner takes it from its begin.
    const bool cut_short = own && admission.streamed;
    if ((starting || cut_short) && health.is_draining()) {
        co_return problem(
            admission, 503, "shutting_down", "the server is shutting down; try again"
        );
    }
    if (!starting) co_return std::nullopt;
    const std::string work = health.current().work;
    const std::string what = work.empty() ? "" : " (" + work + ")";
    co_return problem(admission, 503, "starting", "the server is starting" + what + "; try again");
}

}  // namespace rag::http
