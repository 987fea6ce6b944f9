#include "assets.hpp"
#include "encoding/url.hpp"
#include "handlers.hpp"
#include "negotiation.hpp"
#include "wire/fields.hpp"
#include "wire/problem.hpp"
#include "wire/render.hpp"

namespace rag::http {

namespace {

std::string probe_body(const Health& health, bool good) {
    encoding::JsonWriter out;
    out.begin_object();
    out.member("status", std::string_view(good ? "ok" : "unavailable"));
    out.member("state", wire::health_status_name(health.status));
    out.end_object();
    return out.take();
}

}  // namespace

wire::Response Handlers::probe_response(const Call& call, bool good, std::string body) const {
    constexpr std::int64_t kStatusMin = 200;
    constexpr std::int64_t kStatusMax = 599;
    Result<encoding::Value> parameters = encoding::parse_query_string(call.query);
    Result<void> valid;
    std::int64_t bad_status = 503;
    if (parameters) {
        wire::FieldReader fields(*parameters, {}, wire::FieldReader::Form::query);
        bad_status =
            fields.integer("unhealthy_status", kStatusMin, kStatusMax).value_or(bad_status);
        valid = fields.finish();
    } else {
        valid = tl::unexpected<Error>(parameters.error());
    }
    if (!valid) {
        const wire::ProblemPlace place{
            call.request.target.substr(0, call.request.target.find('?')), call.context.trace.id};
        return wire::problem_response(valid.error(), place);
    }
    return wire::json_response(good ? 200 : static_cast<int>(bad_status), std::move(body));
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

Task<wire::Response> Handlers::asset(const Call& call) {
    const std::string_view target = call.request.target;
    const Asset* asset = find_asset(target.substr(0, target.find('?')));
    wire::Response response;
    if (asset == nullptr) {
        const Error error{ErrorCode::not_found, "there is no such file", {}};
        co_return wire::problem_response(error, {std::string(target), call.context.trace.id});
    }
    const std::string_view tag = entity_tag(*asset);
    // May be kept, and is asked for again each time: a new version is seen at once.
    response.headers = {{"ETag", std::string(tag)}, {"Cache-Control", "no-cache"}};
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
