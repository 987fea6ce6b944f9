#include <array>

#include "assets.hpp"
#include "handlers.hpp"
#include "negotiation.hpp"
#include "path_template.hpp"
#include "probe_request.hpp"
#include "wire/parameters.hpp"
#include "wire/problem.hpp"
#include "wire/render.hpp"

namespace rag {
namespace {

constexpr std::array kProbe{
    ParameterRow<http::ProbeRequest>{
        {.names = {.query = "unhealthy_status"},
         .type = ParameterType::integer,
         .smallest = 200,
         .largest = 599,
         .help = "Status to answer with instead of 503"},
        fills<&http::ProbeRequest::unhealthy_status>},
};

}  // namespace

template <>
std::span<const ParameterRow<http::ProbeRequest>> parameter_rows() {
    return kProbe;
}

}  // namespace rag

namespace rag::http {

namespace {

std::string probe_body(const Health& health, bool good) {
    encoding::JsonWriter out;
    out.begin_object();
    out.member("status", std::string_view(good ? "ok" : "unavailable"));
    out.member("state", wire::health_status_name(health.status));
    if (!health.work.empty()) out.member("detail", health.work);
    out.end_object();
    return out.take();
}

}  // namespace

wire::Response Handlers::probe_response(const Call& call, bool good, std::string body) const {
    const Result<ProbeRequest> request = wire::parse_query(call.query, ProbeRequest());
    if (!request) {
        const wire::ProblemPlace place{
            call.request.target.substr(0, call.request.target.find('?')), call.context.trace.id};
        return wire::problem_response(request.error(), place);
    }
    const int bad_status = static_cast<int>(request->unhealthy_status);
    return wire::json_response(good ? 200 : bad_status, std::move(body));
}

Task<wire::Response> Handlers::health(const Call& call) {
    const Health health = use_cases_.health.current();
    const bool good =
        health.status == HealthStatus::healthy || health.status == HealthStatus::degraded;
    const wire::HealthFacts facts{
        config_.version, use_cases_.use_new_architecture, use_cases_.clock()};
    co_return probe_response(call, good && health.live, wire::render_health(health, facts));
}

Task<wire::Response> Handlers::livez(const Call& call) {
    const Health health = use_cases_.health.current();
    co_return probe_response(call, health.live, probe_body(health, health.live));
}

Task<wire::Response> Handlers::readyz(const Call& call) {
    const Health health = use_cases_.health.current();
    co_return probe_response(call, health.ready, probe_body(health, health.ready));
}

Task<wire::Response> Handlers::startupz(const Call& call) {
    const Health health = use_cases_.health.current();
    const bool started = health.status != HealthStatus::starting;
    co_return probe_response(call, started, probe_body(health, started));
}

Task<wire::Response> Handlers::metrics(const Call& call) {
    const std::string accept = joined_header(call.request, "Accept");
    const bool open_metrics = accept.find("application/openmetrics-text") != std::string::npos;
    wire::Response response;
    response.headers.push_back(wire::Header{
        "Content-Type",
        open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                     : "text/plain; version=0.0.4; charset=utf-8"});
    response.body = parts_.metrics_text(open_metrics);
    co_return response;
}

Task<wire::Response> Handlers::root(const Call&) {
    wire::Response response;
    response.status = 302;
    response.headers.push_back({"Location", "/docs"});
    co_return response;
}

Task<wire::Response> Handlers::asset(const Call& call) {
    const std::string_view target = call.request.target;
    const Asset* asset = find_asset(without_end_slash(target.substr(0, target.find('?'))));
    wire::Response response;
    if (asset == nullptr) {
        const Error error{ErrorCode::not_found, "there is no such file", {}};
        co_return wire::problem_response(error, {std::string(target), call.context.trace.id});
    }
    const std::string_view tag = entity_tag(*asset);
    // May be kept, and is asked for again each time: a new version is seen at once.
    // What of the header depends on the Origin must not be kept for another one.
    response.headers = {
        {"ETag", std::string(tag)}, {"Cache-Control", "no-cache"}, {"Vary", "Origin"}};
    if (names_tag(joined_header(call.request, "If-None-Match"), tag)) {
        response.status = 304;
        co_return response;
    }
    response.headers.push_back({"Content-Type", std::string(asset->content_type)});
    if (!asset->security_policy.empty()) {
        response.headers.push_back({"Content-Security-Policy", std::string(asset->security_policy)}
        );
    }
    response.body = asset->content();
    co_return response;
}

}  // namespace rag::http
