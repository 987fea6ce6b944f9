#include "catalog.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "memory.hpp"
#include "revision.hpp"

namespace rag::mcp {
namespace {

encoding::Value tools_of(Revision revision) {
    encoding::JsonWriter out;
    out.begin_object();
    write_tools(out, revision);
    Result<encoding::Value> value = encoding::parse_json(out.end_object().take());
    EXPECT_TRUE(value.has_value()) << (value ? "" : value.error().message);
    return value ? *value : encoding::Value();
}

TEST(Catalog, FitsInSevenThousandFiveHundredBytesForEveryRevision) {
    test::Memory memory;
    const std::string legacy = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
    const std::string modern =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)"
        R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
        R"("io.modelcontextprotocol/clientCapabilities":{}}}})";

    EXPECT_LE(memory.send_line(legacy, "2025-11-25").body.size(), 7'500u);
    EXPECT_LE(memory.send_line(modern, "new").body.size(), 7'500u);
}

TEST(Catalog, HasEveryToolOfTheContractWithClosedArguments) {
    const encoding::Value value = tools_of(kNewestLegacy);
    const std::vector<std::string> expected{
        "search_conversations",
        "ingest_conversation",
        "append_messages",
        "get_conversations",
        "get_conversation",
        "update_conversation",
        "delete_conversation",
        "search",
        "fetch",
        "health_check"};

    std::vector<std::string> names;
    for (const encoding::Value& tool : *value.find("tools")->array()) {
        names.push_back(*tool.find("name")->string());
        EXPECT_EQ(test::text_at(tool, "inputSchema/type"), "object") << names.back();
        EXPECT_EQ(test::text_at(tool, "inputSchema/additionalProperties"), "false") << names.back();
        EXPECT_EQ(test::text_at(tool, "outputSchema/type"), "object") << names.back();
        EXPECT_NE(test::text_at(tool, "annotations/readOnlyHint"), "") << names.back();
        EXPECT_NE(test::text_at(tool, "description"), "") << names.back();
    }

    EXPECT_EQ(names, expected);
}

TEST(Catalog, HasTheArgumentsOfTheTableWithTheDefaultsOfTools) {
    const encoding::Value value = tools_of(kNewestLegacy);
    const encoding::Value::Array& list = *value.find("tools")->array();

    EXPECT_EQ(
        list[0].find("inputSchema")->find("properties")->find("top_k")->to_json(),
        R"({"type":"integer","description":"1 to 100; default 5"})"
    );
    EXPECT_EQ(
        test::text_at(list[0], "inputSchema/properties/max_tokens/description"), "default 8000"
    );
    EXPECT_EQ(
        test::text_at(list[0], "inputSchema/properties/q/description"),
        "What to find; without it (or with *) messages by time"
    );
    EXPECT_EQ(list[0].find("inputSchema")->find("required"), nullptr);
    EXPECT_EQ(list[0].find("inputSchema")->find("properties")->find("shape"), nullptr);
    EXPECT_EQ(
        test::text_at(list[0], "inputSchema/properties/context/description"), "0 to 10; default 2"
    );
    EXPECT_EQ(
        test::text_at(list[3], "inputSchema/properties/limit/description"), "1 to 100; default 50"
    );
    EXPECT_EQ(list[3].find("inputSchema")->find("required"), nullptr);
    EXPECT_EQ(list[4].find("inputSchema")->find("required")->to_json(), R"(["conversation_id"])");
}

/// What a provider takes of JSON Schema for the arguments of a tool, as each publishes it; the
/// strictest mode of each counts.
struct ProviderSubset {
    std::string_view provider;
    std::vector<std::string_view> keywords;
    std::vector<std::string_view> types;
};

const std::vector<ProviderSubset>& provider_subsets() {
    static const std::vector<ProviderSubset> subsets{
        // platform.openai.com/docs/guides/structured-outputs#supported-schemas
        {"OpenAI",
         {"type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "description",
          "enum",
          "minItems",
          "maxItems",
          "minimum",
          "maximum",
          "pattern",
          "format"},
         {"string", "number", "integer", "boolean", "object", "array"}},
        // ai.google.dev/api/caching#Schema, with additionalProperties of parametersJsonSchema
        {"Gemini",
         {"type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "description",
          "enum",
          "minItems",
          "maxItems",
          "minimum",
          "maximum",
          "format",
          "nullable",
          "title"},
         {"string", "number", "integer", "boolean", "object", "array"}},
        // docs.anthropic.com/en/docs/build-with-claude/structured-outputs: no bounds of numbers or
        // texts, minItems 0 or 1
        {"Anthropic",
         {"type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "description",
          "enum",
          "minItems",
          "format",
          "title"},
         {"string", "number", "integer", "boolean", "object", "array"}},
    };
    return subsets;
}

void expect_within(const ProviderSubset& subset, const encoding::Value& schema, std::string at) {
    at.insert(0, std::string(subset.provider) + " ");
    // A field named metadata is kept as text wherever it is read.
    const Result<encoding::Value> read = encoding::parse_json(schema.to_json());
    ASSERT_TRUE(read && read->object() != nullptr) << at;
    for (const encoding::Member& member : read->object()->members) {
        EXPECT_NE(std::ranges::find(subset.keywords, member.name), subset.keywords.end())
            << at << ": " << member.name;
    }
    const std::string type = test::text_at(*read, "type");
    EXPECT_NE(std::ranges::find(subset.types, type), subset.types.end()) << at << ": " << type;
    if (const encoding::Value* least = read->find("minItems")) {
        EXPECT_LE(*least->integer(), 1);
    }
    const encoding::Value* properties = read->find("properties");
    EXPECT_EQ(properties != nullptr, type == "object") << at;
    if (const encoding::Value* required = read->find("required")) {
        for (const encoding::Value& name : *required->array()) {
            EXPECT_NE(properties->find(*name.string()), nullptr) << at << ": " << *name.string();
        }
    }
    if (properties != nullptr) {
        for (const encoding::Member& property : properties->object()->members) {
            expect_within(subset, property.value, at + "/" + property.name);
        }
    }
    EXPECT_EQ(read->find("items") != nullptr, type == "array") << at;
    if (const encoding::Value* items = read->find("items"))
        expect_within(subset, *items, at + "/*");
}

TEST(Catalog, HasSchemasThatEveryProviderTakes) {
    const encoding::Value value = tools_of(kNewestLegacy);
    for (const ProviderSubset& subset : provider_subsets()) {
        for (const encoding::Value& tool : *value.find("tools")->array()) {
            expect_within(subset, *tool.find("inputSchema"), *tool.find("name")->string());
        }
    }
}

TEST(Catalog, KnowsEveryArgumentThatItsSchemasTell) {
    const encoding::Value value = tools_of(kNewestLegacy);
    for (const encoding::Value& listed : *value.find("tools")->array()) {
        const Tool& tool = *find_tool(*listed.find("name")->string());
        const std::vector<Argument> known = arguments_of(tool);
        const encoding::Value& properties = *listed.find("inputSchema")->find("properties");
        for (const encoding::Member& property : properties.object()->members) {
            EXPECT_NE(std::ranges::find(known, property.name, &Argument::name), known.end())
                << tool.name << ": " << property.name;
        }
    }
}

TEST(Catalog, TellsWhichToolsWrite) {
    for (const Tool& tool : tools()) {
        const bool reads_only =
            tool.annotations.find("\"readOnlyHint\": true") != std::string::npos;
        EXPECT_NE(tool.writes, reads_only) << tool.name;
    }
    EXPECT_EQ(find_tool("no_such_tool"), nullptr);
}

TEST(Catalog, LeavesOutWhatAnOlderRevisionDoesNotKnow) {
    const std::string oldest = tools_of(Revision::v2024_11_05).to_json();
    const std::string second = tools_of(Revision::v2025_03_26).to_json();

    EXPECT_EQ(oldest.find("annotations"), std::string::npos);
    EXPECT_EQ(oldest.find("outputSchema"), std::string::npos);
    EXPECT_NE(second.find("annotations"), std::string::npos);
    EXPECT_EQ(second.find("outputSchema"), std::string::npos);
}

}  // namespace
}  // namespace rag::mcp
