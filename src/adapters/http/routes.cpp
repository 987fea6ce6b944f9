#include "routes.hpp"

#include <algorithm>
#include <array>

#include "application/get_conversation.hpp"
#include "application/ingest_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "encoding/url.hpp"
#include "handlers.hpp"
#include "openapi.hpp"
#include "path_template.hpp"
#include "probe_request.hpp"

namespace rag::http {

namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";

DescribedParameters of_search(const OpenApiFacts& facts) {
    SearchRequest defaults;
    defaults.top_k = facts.search_top_k;
    return described(Door::query, defaults);
}

DescribedParameters of_ingest(const OpenApiFacts&) {
    return described(Door::query, IngestRequest());
}

DescribedParameters of_append(const OpenApiFacts&) {
    return described(Door::query, AppendRequest());
}

DescribedParameters of_list(const OpenApiFacts&) { return described(Door::query, ListRequest()); }

DescribedParameters of_messages(const OpenApiFacts&) {
    return described(Door::query, MessagesRequest());
}

DescribedParameters of_probes(const OpenApiFacts&) {
    return described(Door::query, ProbeRequest());
}

// clang-format off
constexpr std::array kRoutes{
    Route{"POST", "/ingest", &Handlers::ingest, RouteClass::write, true, kJson, kJson,
          "ingest", "Store a conversation", &of_ingest, "Conversation", "IngestAnswer", 201},
    Route{"POST", "/conversations/ingest", &Handlers::ingest, RouteClass::write, true, kJson, kJson,
          "ingestConversation", "Store a conversation (the same as POST /ingest)", &of_ingest,
          "Conversation", "IngestAnswer", 201},
    Route{"POST", "/ingest/batch", &Handlers::ingest_batch, RouteClass::write, true, kLines, kLines,
          "ingestBatch", "Store many conversations: one a line in, one answer a line out, in order", &of_ingest,
          "Conversation", "BatchLine", 200},
    Route{"GET", "/search", &Handlers::search_by_query, RouteClass::read, true, "", kJson,
          "search", "Find chunks by meaning and by words", &of_search, "", "SearchAnswer", 200},
    Route{"POST", "/search", &Handlers::search_by_body, RouteClass::read, true, kJson, kJson,
          "searchByBody", "Find chunks; for questions too long for a URL, too", nullptr, "SearchRequest",
          "SearchAnswer", 200},
    Route{"GET", "/conversations", &Handlers::list_conversations, RouteClass::read, true, "", kJson,
          "listConversations", "Conversations, newest first", &of_list, "", "ConversationList", 200},
    Route{"GET", "/conversations/{id}", &Handlers::get_conversation, RouteClass::read, true, "", kJson,
          "getConversation", "One conversation with its chunks", nullptr, "", "ConversationDetail", 200},
    Route{"PATCH", "/conversations/{id}", &Handlers::update_conversation, RouteClass::write, true, kJson, kJson,
          "updateConversation", "Correct titles, url or metadata of a conversation", nullptr, "ConversationPatch",
          "ConversationSummary", 200},
    Route{"DELETE", "/conversations/{id}", &Handlers::delete_conversation, RouteClass::write, true, "", kJson,
          "deleteConversation", "Delete a conversation and all that belongs to it", nullptr, "",
          "DeleteAnswer", 200},
    Route{"GET", "/conversations/{id}/messages", &Handlers::list_messages, RouteClass::read, true, "", kJson,
          "listMessages", "The messages of a conversation, verbatim", &of_messages, "", "MessagePage", 200},
    Route{"POST", "/conversations/{id}/messages", &Handlers::append_messages, RouteClass::write, true, kJson, kJson,
          "appendMessages", "Append messages to a conversation", &of_append, "Messages", "IngestAnswer", 200},
    Route{"POST", "/mcp", &Handlers::mcp, RouteClass::mcp, true, "", "",
          "mcp", "Model Context Protocol, streamable HTTP", nullptr, "McpMessage", "", 200},
    Route{"GET", "/mcp", &Handlers::mcp, RouteClass::mcp, true, "", "", "", "", nullptr, "", "", 200},
    Route{"DELETE", "/mcp", &Handlers::mcp, RouteClass::mcp, true, "", "", "", "", nullptr, "", "", 200},
    Route{"GET", "/health", &Handlers::health, RouteClass::probe, false, "", "",
          "health", "How the server and its parts are", &of_probes, "", "Health", 200},
    Route{"GET", "/livez", &Handlers::livez, RouteClass::probe, false, "", "",
          "livez", "Is the process alive?", &of_probes, "", "Probe", 200},
    Route{"GET", "/readyz", &Handlers::readyz, RouteClass::probe, false, "", "",
          "readyz", "May traffic come?", &of_probes, "", "Probe", 200},
    Route{"GET", "/startupz", &Handlers::startupz, RouteClass::probe, false, "", "",
          "startupz", "Has it started?", &of_probes, "", "Probe", 200},
    Route{"GET", "/metrics", &Handlers::metrics, RouteClass::probe, false, "", "",
          "metrics", "Prometheus or OpenMetrics text", nullptr, "", "", 200},
    Route{"GET", "/openapi.json", &Handlers::openapi, RouteClass::page, true, "", kJson,
          "openapi", "This description", nullptr, "", "", 200},
    Route{"GET", "/", &Handlers::root, RouteClass::page, true, "", "", "", "", nullptr, "", "", 302},
    Route{"GET", "/docs", &Handlers::asset, RouteClass::page, true, "", "text/html",
          "docs", "This description as a page to read and try", nullptr, "", "", 200},
};
// clang-format on

/// HEAD is answered wherever GET is.
bool answers(const Route& route, std::string_view method) {
    return route.method == method || (method == "HEAD" && route.method == "GET");
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

RouteMatch match_route(std::string_view method, std::string_view path) {
    RouteMatch match;
    for (const Route& route : kRoutes) {
        if (!fits(route.path, path)) continue;
        match.path_known = true;
        if (match.pattern.empty() || is_more_exact(route.path, match.pattern)) {
            match.pattern = route.path;
        }
        if (!answers(route, method)) continue;
        if (match.route == nullptr || is_more_exact(route.path, match.route->path)) {
            match.route = &route;
        }
    }
    return match;
}

PathValues path_values(std::string_view pattern, std::string_view path) {
    PathValues values;
    for (const PlaceInPath& place : places(pattern, path)) {
        // A broken escape has been refused with the target.
        values.add(place.name, encoding::percent_decode(place.text, false).value_or(""));
    }
    return values;
}

std::string_view PathValues::operator[](std::string_view name) const {
    for (const auto& [known, value] : values_) {
        if (known == name) return value;
    }
    return {};
}

std::string allowed_methods(std::string_view path) {
    std::string allowed;
    for (const std::string_view method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
        if (match_route(method, path).route == nullptr) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += method;
    }
    return allowed;
}

bool is_known_method(std::string_view method) {
    constexpr std::array<std::string_view, 9> kMethods{
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

}  // namespace rag::http
