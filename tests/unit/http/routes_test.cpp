#include "routes.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "openapi.hpp"

namespace rag::http {
namespace {

TEST(Routes, MatchByMethodAndPath) {
    EXPECT_EQ(match_route("GET", "/conversations/12").route->operation, "getConversation");
    EXPECT_EQ(match_route("GET", "/conversations/12/messages").route->operation, "listMessages");
    EXPECT_EQ(match_route("HEAD", "/search").route->method, "GET");
    EXPECT_EQ(match_route("POST", "/conversations/ingest").route->operation, "ingestConversation");
    EXPECT_EQ(match_route("GET", "/conversations/ingest").route->operation, "getConversation");
    EXPECT_EQ(match_route("GET", "/conversations/ingest").pattern, "/conversations/ingest");
    EXPECT_TRUE(match_route("PUT", "/search").path_known);
    EXPECT_EQ(match_route("PUT", "/search").pattern, "/search");
    for (const char* unknown :
         {"",
          "/search/",
          "/conversations/",
          "/conversations/1/2",
          "/conversations//messages",
          "/conversations/1/messages/"}) {
        EXPECT_FALSE(match_route("GET", unknown).path_known) << unknown;
    }
}

TEST(Routes, GiveWhatStoodInThePathDecoded) {
    const PathValues one =
        path_values("/conversations/{id}/messages", "/conversations/1%2F2/messages");
    const PathValues two = path_values("/a/{x}/b/{y}", "/a/1/b/caf%C3%A9");
    const PathValues rest = path_values("/static/{path...}", "/static/js/app%20v2.js");

    EXPECT_EQ(one["id"], "1/2");
    EXPECT_EQ(one.size(), 1U);
    EXPECT_EQ(two["x"], "1");
    EXPECT_EQ(two["y"], "caf\u00e9");
    EXPECT_EQ(two["z"], "");
    EXPECT_EQ(rest["path"], "js/app v2.js");
    EXPECT_EQ(path_values("/search", "/search").size(), 0U);
}

TEST(Routes, TellWhatIsAllowed) {
    EXPECT_EQ(allowed_methods("/search"), "GET, HEAD, POST");
    EXPECT_EQ(allowed_methods("/ingest"), "POST");
    EXPECT_EQ(allowed_methods("/conversations/1"), "GET, HEAD, PATCH, DELETE");
    EXPECT_EQ(allowed_methods("/mcp"), "GET, HEAD, POST, DELETE");
}

/// Every "$ref" in a document.
void collect_references(const nlohmann::json& node, std::set<std::string>& references) {
    if (node.is_object() && node.contains("$ref")) references.insert(node["$ref"]);
    if (node.is_structured()) {
        for (const auto& child : node) collect_references(child, references);
    }
}

constexpr OpenApiFacts kFacts{"t", "1.0.0", 7};

TEST(OpenApi, DescribesEveryRouteWithSchemasThatAreThere) {
    const nlohmann::json api = nlohmann::json::parse(openapi_document(kFacts));

    EXPECT_EQ(api["openapi"], "3.1.0");
    std::set<std::string> operations;
    for (const Route& route : routes()) {
        if (route.operation.empty()) continue;
        std::string method(route.method);
        for (char& c : method) c = static_cast<char>(std::tolower(c));
        const nlohmann::json& operation = api["paths"][std::string(route.path)][method];
        EXPECT_EQ(operation["operationId"], route.operation);
        EXPECT_TRUE(operations.insert(operation["operationId"]).second) << route.operation;
        EXPECT_TRUE(operation["responses"].contains(std::to_string(route.success_status)));
        std::size_t wanted = route.path.find("{id}") != std::string_view::npos ? 1 : 0;
        if (route.parameters != nullptr) wanted += route.parameters(kFacts).size();
        const bool whole = std::holds_alternative<WholeFunction>(route.handler);
        if (route.kind == RouteClass::write && whole) ++wanted;  // Idempotency-Key
        EXPECT_EQ(operation["parameters"].size(), wanted) << route.path;
    }
    EXPECT_EQ(api["paths"]["/search"]["get"]["parameters"][1]["schema"]["default"], 7);
    EXPECT_EQ(api["components"]["schemas"]["SearchRequest"]["properties"]["top_k"]["default"], 7);
    EXPECT_EQ(
        api["paths"]["/conversations/{id}"]["delete"]["parameters"][1]["name"], "Idempotency-Key"
    );
    std::set<std::string> references;
    collect_references(api, references);
    EXPECT_GE(references.size(), 15U);
    for (const std::string& reference : references) {
        EXPECT_TRUE(api.contains(nlohmann::json::json_pointer(reference.substr(1)))) << reference;
    }
}

TEST(OpenApi, DescribesTheParametersOfTheTable) {
    const nlohmann::json api = nlohmann::json::parse(openapi_document(kFacts));

    const nlohmann::json expected = nlohmann::json::parse(
        R"({"name":"top_k","in":"query","required":false,"description":"Results wanted.",
            "schema":{"type":"integer","minimum":1,"maximum":100,"default":7}})"
    );
    EXPECT_EQ(api["paths"]["/search"]["get"]["parameters"][1], expected);
    nlohmann::json mode;
    for (const nlohmann::json& parameter : api["paths"]["/search"]["get"]["parameters"]) {
        if (parameter["name"] == "mode") mode = parameter["schema"];
    }
    EXPECT_EQ(mode["enum"], nlohmann::json::parse(R"(["hybrid","dense","lexical"])"));
    EXPECT_EQ(mode["default"], "hybrid");

    const nlohmann::json& body = api["components"]["schemas"]["SearchRequest"];
    EXPECT_FALSE(body.contains("required"));
    EXPECT_EQ(body["properties"]["query"]["maxLength"], 10'000);
    EXPECT_EQ(body["additionalProperties"], false);
    const nlohmann::json& filters = body["properties"]["filters"];
    EXPECT_EQ(filters["additionalProperties"], false);
    EXPECT_EQ(filters["properties"].size(), 7U);
    EXPECT_EQ(
        filters["properties"]["conversation_id"]["type"],
        nlohmann::json::parse(R"(["string","integer","null"])")
    );
    EXPECT_EQ(filters["properties"]["min_score"]["maximum"], 1);
}

}  // namespace
}  // namespace rag::http
