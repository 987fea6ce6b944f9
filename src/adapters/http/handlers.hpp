#pragma once

#include <string>
#include <string_view>

#include "http/application.hpp"
#include "routes.hpp"

namespace rag::http {

/// One function a route: parse, call one use case, render.
class Handlers {
public:
    Handlers(const ApplicationConfig& config, ApplicationParts& parts)
        : config_(config), parts_(parts), use_cases_(parts.use_cases) {}

    Task<wire::Response> ingest(const Call& call);
    Task<wire::Response> append_messages(const Call& call);
    Task<wire::Response> list_messages(const Call& call);
    Task<wire::Response> search_by_query(const Call& call);
    Task<wire::Response> search_by_body(const Call& call);
    Task<wire::Response> list_conversations(const Call& call);
    Task<wire::Response> get_conversation(const Call& call);
    Task<wire::Response> delete_conversation(const Call& call);
    Task<wire::Response> mcp(const Call& call);

    Task<wire::Response> health(const Call& call);
    Task<wire::Response> livez(const Call& call);
    Task<wire::Response> readyz(const Call& call);
    Task<wire::Response> startupz(const Call& call);
    Task<wire::Response> metrics(const Call& call);
    Task<wire::Response> openapi(const Call& call);
    Task<wire::Response> docs(const Call& call);

    /// Stands in the table for routes that the application answers piece by piece.
    Task<wire::Response> streamed(const Call& call);

private:
    Task<wire::Response> search(Result<SearchRequest> request, const Call& call, Door door);
    /// Probes answer 200, or 503 unless `?unhealthy_status=` says otherwise.
    wire::Response probe_response(const Call& call, bool good, std::string body) const;

    const ApplicationConfig& config_;
    ApplicationParts& parts_;
    UseCases& use_cases_;
};

}  // namespace rag::http
