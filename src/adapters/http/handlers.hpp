#pragma once

#include <string>
#include <string_view>

#include "batch_ingest.hpp"
#include "http/application.hpp"
#include "routes.hpp"
#include "wire/sent_conversation.hpp"

namespace rag::http {

/// One function a route: parse, call one use case, render.
class Handlers {
public:
    Handlers(const ApplicationConfig& config, ApplicationParts& parts)
        : config_(config),
          parts_(parts),
          use_cases_(parts.use_cases),
          batch_(parts.use_cases, parts.pool, config.body_bytes_max) {}

    Task<wire::Response> ingest(const Call& call);
    Task<wire::Response> append_messages(const Call& call);
    Task<wire::Response> list_messages(const Call& call);
    Task<wire::Response> search_by_query(const Call& call);
    Task<wire::Response> search_by_body(const Call& call);
    Task<wire::Response> list_conversations(const Call& call);
    Task<wire::Response> get_conversation(const Call& call);
    Task<wire::Response> update_conversation(const Call& call);
    Task<wire::Response> delete_conversation(const Call& call);
    Task<wire::Response> mcp(const Call& call);

    Task<wire::Response> health(const Call& call);
    Task<wire::Response> livez(const Call& call);
    Task<wire::Response> readyz(const Call& call);
    Task<wire::Response> startupz(const Call& call);
    Task<wire::Response> metrics(const Call& call);
    Task<wire::Response> openapi(const Call& call);
    /// Leads to where a person who opened the server in a browser reads on.
    Task<wire::Response> root(const Call& call);
    /// What stands in the table of assets.
    Task<wire::Response> asset(const Call& call);

    Task<bool> ingest_batch(const Call& call, wire::BodySource& body, wire::AnswerSink& answers);

private:
    /// How bodies are read; nullopt: where they do not say.
    wire::ReadingRules reading(std::optional<OnInvalid> on_invalid) const;
    Task<wire::Response> search(Result<SearchRequest> request, const Call& call, Door door);
    /// Probes answer 200, or 503 unless `?unhealthy_status=` says otherwise.
    wire::Response probe_response(const Call& call, bool good, std::string body) const;

    const ApplicationConfig& config_;
    ApplicationParts& parts_;
    UseCases& use_cases_;
    BatchIngest batch_;
};

}  // namespace rag::http
