#include "openapi.hpp"

#include <algorithm>
#include <array>

#include "docs_page.hpp"
#include "encoding/json.hpp"
#include "path_template.hpp"
#include "routes.hpp"

namespace rag::http {

namespace {

struct Parameter {
    std::string_view name;
    std::string_view place;  // "path", "query", "header"
    std::string_view schema;
    std::string_view description;
};

constexpr std::array kParameters{
    Parameter{"id", "path", R"({"type":"string"})", "A conversation's id."},
    Parameter{
        "q",
        "query",
        R"({"type":"string","minLength":1,"maxLength":10000})",
        "The question, or words to find."},
    Parameter{
        "top_k",
        "query",
        R"({"type":"integer","minimum":1,"maximum":100,"default":"{search_top_k}"})",
        "Results wanted."},
    Parameter{"author_name", "query", R"({"type":"string"})", "Only what this author said."},
    Parameter{
        "author_type",
        "query",
        R"({"type":"string"})",
        "user (= human), assistant (= ai, bot), system (= developer) or tool (= function)."},
    Parameter{
        "scenario_title", "query", R"({"type":"string"})", "Only conversations of this scenario."},
    Parameter{"conversation_id", "query", R"({"type":"string"})", "Only this conversation."},
    Parameter{
        "date_from", "query", R"({"type":"string"})", "A date or an RFC 3339 time; inclusive."},
    Parameter{
        "date_to",
        "query",
        R"({"type":"string"})",
        "A date (that whole day) or an RFC 3339 time; inclusive."},
    Parameter{
        "min_score",
        "query",
        R"({"type":"number","minimum":0,"maximum":1})",
        "Leaves out what scores less."},
    Parameter{
        "mode",
        "query",
        R"({"type":"string","enum":["hybrid","dense","lexical"],"default":"hybrid"})",
        "By meaning and words, by meaning, by words."},
    Parameter{
        "context",
        "query",
        R"({"type":"integer","minimum":0,"maximum":10,"default":0})",
        "Messages wanted before and after each result."},
    Parameter{
        "max_tokens",
        "query",
        R"({"type":"integer","minimum":1})",
        "Upper bound for the text of all results, in the embedding model's tokens."},
    Parameter{
        "cursor",
        "query",
        R"({"type":"string"})",
        "Continues a former answer with the same parameters."},
    Parameter{
        "explain",
        "query",
        R"({"type":"boolean","default":false})",
        "Tells how each score came about."},
    Parameter{
        "skip",
        "query",
        R"({"type":"integer","minimum":0,"default":0})",
        "Conversations to leave out at the start."},
    Parameter{
        "limit",
        "query",
        R"({"type":"integer","minimum":1,"maximum":100,"default":50})",
        "Conversations wanted."},
    Parameter{
        "from",
        "query",
        R"({"type":"integer","minimum":0})",
        "Index of the first message wanted; from 0."},
    Parameter{
        "to",
        "query",
        R"({"type":"integer","minimum":0})",
        "Index of the last message wanted; inclusive."},
    Parameter{
        "unhealthy_status",
        "query",
        R"({"type":"integer","minimum":200,"maximum":599,"default":503})",
        "Status to answer with instead of 503."},
    Parameter{
        "Idempotency-Key",
        "header",
        R"({"type":"string","minLength":1,"maxLength":255})",
        "Makes a repeated request answer as the first time; kept 24 hours."},
};

void write_parameter(encoding::JsonWriter& out, const Parameter& parameter) {
    out.begin_object();
    out.member("name", parameter.name);
    out.member("in", parameter.place);
    out.flag("required", parameter.name == "q" || parameter.place == "path");
    out.member("description", parameter.description);
    out.key("schema").raw(parameter.schema);
    out.end_object();
}

void write_parameters(encoding::JsonWriter& out, const Route& route) {
    out.key("parameters").begin_array();
    for (const std::string_view name : place_names(route.path)) {
        const auto* known = std::find_if(
            kParameters.begin(),
            kParameters.end(),
            [name](const Parameter& candidate) {
                return candidate.name == name && candidate.place == "path";
            }
        );
        const bool is_known = known != kParameters.end();
        write_parameter(
            out, is_known ? *known : Parameter{name, "path", R"({"type":"string"})", "As it is."}
        );
    }
    std::string_view rest = route.parameters;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view name = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto* known = std::find_if(
            kParameters.begin(),
            kParameters.end(),
            [name](const Parameter& candidate) { return candidate.name == name; }
        );
        if (known != kParameters.end()) write_parameter(out, *known);
    }
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

void write_operation(encoding::JsonWriter& out, const Route& route) {
    out.begin_object();
    out.member("operationId", route.operation);
    out.member("summary", route.summary);
    write_parameters(out, route);
    if (!route.request_schema.empty()) {
        out.key("requestBody").begin_object();
        out.flag("required", true);
        write_content(out, route.consumes, route.request_schema);
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

/// Puts the number where the parameters and web/openapi_schemas.json leave a place for it.
std::string with_top_k(std::string document, std::size_t top_k) {
    constexpr std::string_view kPlace = R"("{search_top_k}")";
    const std::string number = std::to_string(top_k);
    for (std::size_t at = document.find(kPlace); at != std::string::npos;
         at = document.find(kPlace, at)) {
        document.replace(at, kPlace.size(), number);
    }
    return document;
}

/// All operations of one path, where its first row is met; rows without a name are not described.
void write_path(encoding::JsonWriter& out, std::string_view path) {
    out.key(path).begin_object();
    for (const Route& route : routes()) {
        if (route.path != path || route.operation.empty()) continue;
        out.key(lower_case(route.method));
        write_operation(out, route);
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
    out.key("paths").begin_object();
    const std::span<const Route> all = routes();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string_view path = all[i].path;
        const bool seen = std::any_of(
            all.begin(),
            all.begin() + static_cast<std::ptrdiff_t>(i),
            [path](const Route& route) { return route.path == path; }
        );
        if (!seen) write_path(out, path);
    }
    out.end_object();
    out.key("components").begin_object();
    out.key("schemas").raw(openapi_schemas());
    out.end_object().end_object();
    return with_top_k(out.take(), facts.search_top_k);
}

}  // namespace rag::http
