#include "openapi.hpp"

#include <algorithm>
#include <array>

#include "application/search_conversations.hpp"
#include "docs_page.hpp"
#include "domain/limits.hpp"
#include "encoding/json.hpp"
#include "path_template.hpp"
#include "routes.hpp"
#include "wire/parameter_schema.hpp"

namespace rag::http {

namespace {

void write_idempotency_key(encoding::JsonWriter& out) {
    out.begin_object().member("name", std::string_view("Idempotency-Key"));
    out.member("in", std::string_view("header")).flag("required", false);
    out.member(
        "description",
        std::string_view("Makes a repeated request answer as the first time; kept 24 hours.")
    );
    out.key("schema").begin_object().member("type", std::string_view("string"));
    out.member("minLength", std::int64_t{1});
    out.member("maxLength", std::int64_t{limits::kIdempotencyKeyCharactersMax});
    out.end_object().end_object();
}

void write_query_parameter(encoding::JsonWriter& out, const DescribedParameter& described) {
    const Parameter& parameter = *described.parameter;
    out.begin_object().member("name", parameter.names.query);
    out.member("in", std::string_view("query")).flag("required", parameter.required);
    out.member("description", std::string(parameter.help) + ".").key("schema");
    wire::write_value_schema(out, Door::query, described);
    out.end_object();
}

void write_path_place(encoding::JsonWriter& out, std::string_view name) {
    const bool is_id = name == "id";
    out.begin_object().member("name", name).member("in", std::string_view("path"));
    out.flag("required", true);
    out.member("description", std::string_view(is_id ? "A conversation's id." : "As it is."));
    out.key("schema").raw(R"({"type":"string"})");
    out.end_object();
}

/// A stream's lines are known by their content.
bool takes_idempotency_key(const Route& route) {
    return route.kind == RouteClass::write && std::holds_alternative<WholeFunction>(route.handler);
}

void write_parameters(encoding::JsonWriter& out, const Route& route, const OpenApiFacts& facts) {
    out.key("parameters").begin_array();
    for (const std::string_view name : place_names(route.path)) write_path_place(out, name);
    if (route.parameters != nullptr) {
        for (const DescribedParameter& described : route.parameters(facts)) {
            write_query_parameter(out, described);
        }
    }
    if (takes_idempotency_key(route)) write_idempotency_key(out);
    out.end_array();
}

void write_schema_reference(encoding::JsonWriter& out, std::string_view name) {
    out.begin_object();
    out.member("$ref", "#/components/schemas/" + std::string(name));
    out.end_object();
}

void write_content(encoding::JsonWriter& out, std::string_view type, std::string_view schema) {
    out.key("content").begin_object().key(type).begin_object();
    if (!schema.empty()) {
        out.key("schema");
        if (schema.starts_with('{')) {
            out.raw(schema);
        } else {
            write_schema_reference(out, schema);
        }
    }
    out.end_object().end_object();
}

struct Tag {
    std::string_view name;
    std::string_view description;
};
constexpr std::array kTags{
    Tag{"conversations", "Store conversations, read them, correct and delete them."},
    Tag{"search", "Find what was said."},
    Tag{"assistants", "The Model Context Protocol."},
    Tag{"operations", "How the server is: probes, metrics, this description."},
};

/// The group in which an operation is shown.
const Tag& tag_of(const Route& route) {
    if (route.kind == RouteClass::mcp) return kTags[2];
    if (route.path.starts_with("/search")) return kTags[1];
    if (route.kind == RouteClass::read || route.kind == RouteClass::write) return kTags[0];
    return kTags[3];
}

void write_operation(encoding::JsonWriter& out, const Route& route, const OpenApiFacts& facts) {
    out.begin_object();
    out.key("tags").begin_array().string(tag_of(route).name).end_array();
    out.member("operationId", route.operation);
    out.member("summary", route.summary);
    write_parameters(out, route, facts);
    if (!route.request_schema.empty()) {
        out.key("requestBody").begin_object();
        out.flag("required", true);
        // MCP looks at its media types itself.
        const bool typed = !route.consumes.empty();
        write_content(out, typed ? route.consumes : "application/json", route.request_schema);
        out.end_object();
    }
    out.key("responses").begin_object();
    out.key(std::to_string(route.success_status)).begin_object();
    out.member("description", std::string_view("Done."));
    if (!route.response_schema.empty()) {
        const bool typed = !route.produces.empty();
        write_content(out, typed ? route.produces : "application/json", route.response_schema);
    }
    out.end_object();
    out.key("default").begin_object();
    out.member("description", std::string_view("What was wrong (RFC 9457)."));
    write_content(out, "application/problem+json", "Problem");
    out.end_object().end_object().end_object();
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

/// The body of POST /search.
std::string search_request_schema(const OpenApiFacts& facts) {
    SearchRequest defaults;
    defaults.top_k = facts.search_top_k;
    encoding::JsonWriter out;
    out.begin_object().member("type", std::string_view("object"));
    wire::write_object_schema(out, Door::body, described(Door::body, defaults));
    out.key("examples").raw(R"([{"query":"where are the backups kept","top_k":5,"context":1}])");
    return out.end_object().take();
}

/// web/openapi_schemas.json, with what comes from the table of parameters where it leaves a place
/// for it.
std::string schemas(const OpenApiFacts& facts) {
    constexpr std::string_view kPlace = R"("{search_request}")";
    std::string document(openapi_schemas());
    const std::size_t at = document.find(kPlace);
    if (at != std::string::npos) document.replace(at, kPlace.size(), search_request_schema(facts));
    return document;
}

/// All operations of one path, where its first row is met; rows without a name are not described.
void write_path(encoding::JsonWriter& out, std::string_view path, const OpenApiFacts& facts) {
    out.key(path).begin_object();
    for (const Route& route : routes()) {
        if (route.path != path || route.operation.empty()) continue;
        out.key(lower_case(route.method));
        write_operation(out, route, facts);
    }
    out.end_object();
}

}  // namespace

std::string openapi_document(const OpenApiFacts& facts) {
    encoding::JsonWriter out;
    out.begin_object();
    out.member("openapi", std::string_view("3.1.0"));
    out.key("info").begin_object();
    out.member("title", facts.title);
    out.member("version", facts.version);
    out.member(
        "description", std::string_view("Keeps conversations verbatim and finds them again.")
    );
    out.end_object();
    out.key("tags").begin_array();
    for (const Tag& tag : kTags) {
        out.begin_object().member("name", tag.name).member("description", tag.description);
        out.end_object();
    }
    out.end_array();
    out.key("paths").begin_object();
    const std::span<const Route> all = routes();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string_view path = all[i].path;
        const bool seen = std::any_of(
            all.begin(),
            all.begin() + static_cast<std::ptrdiff_t>(i),
            [path](const Route& route) { return route.path == path; }
        );
        if (!seen) write_path(out, path, facts);
    }
    out.end_object();
    out.key("components").begin_object();
    out.key("schemas").raw(schemas(facts));
    out.end_object().end_object();
    return out.take();
}

}  // namespace rag::http
