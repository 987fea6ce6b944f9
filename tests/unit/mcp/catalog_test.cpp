#include "catalog.hpp"

#include <gtest/gtest.h>

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

TEST(Catalog, FitsInSevenAndAHalfThousandBytesForEveryRevision) {
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
        "get_conversations",
        "get_conversation",
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
        R"({"type":"integer","minimum":1,"maximum":100,"default":5})"
    );
    EXPECT_EQ(test::text_at(list[0], "inputSchema/properties/max_tokens/default"), "8000");
    EXPECT_EQ(
        test::text_at(list[0], "inputSchema/properties/q/description"),
        "What to find, in plain words"
    );
    EXPECT_EQ(list[0].find("inputSchema")->find("required")->to_json(), R"(["q"])");
    EXPECT_EQ(list[0].find("inputSchema")->find("properties")->find("mode"), nullptr);
    EXPECT_EQ(test::text_at(list[2], "inputSchema/properties/limit/default"), "50");
    EXPECT_EQ(list[2].find("inputSchema")->find("required"), nullptr);
    EXPECT_EQ(list[3].find("inputSchema")->find("required")->to_json(), R"(["conversation_id"])");
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
