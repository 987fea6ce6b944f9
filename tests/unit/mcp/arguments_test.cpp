#include "arguments.hpp"

#include <gtest/gtest.h>

#include "catalog.hpp"

namespace rag::mcp {
namespace {

Result<TidyArguments> tidy(std::string_view tool, std::string_view json) {
    const Result<encoding::Value> given = encoding::parse_json(json);
    EXPECT_TRUE(given.has_value()) << json;
    return tidy_arguments(arguments_of(*find_tool(tool)), *given);
}

TEST(Arguments, AreReadAsModelsWriteThem) {
    struct Case {
        std::string_view tool;
        std::string_view written;
        std::string_view read;
    };
    const std::vector<Case> cases{
        {"search_conversations", R"({"q":"x","top_k":"7"})", R"({"q":"x","top_k":7})"},
        {"search_conversations", R"({"q":"x","top_k":7.0})", R"({"q":"x","top_k":7})"},
        {"search_conversations", R"({"q":"x","top_k":"7.0"})", R"({"q":"x","top_k":7})"},
        {"search_conversations", R"({"q":"x","topK":7})", R"({"q":"x","top_k":7})"},
        {"search_conversations", R"({"q":"x","top_k":7.5})", R"({"q":"x","top_k":7.5})"},
        {"search_conversations", R"({"q":"x","min_score":"0.5"})", R"({"q":"x","min_score":0.5})"},
        {"search_conversations", R"({"query":"x"})", R"({"q":"x"})"},
        {"search_conversations", R"({"q":"x","query":""})", R"({"q":"x"})"},
        {"search_conversations", R"({"q":"x","author_name":"","cursor":null})", R"({"q":"x"})"},
        {"search_conversations",
         R"({"q":"x","conversation_id":9})",
         R"({"q":"x","conversation_id":"9"})"},
        {"search", R"({"q":"x"})", R"({"query":"x"})"},
        {"fetch", R"({"id":12})", R"({"id":"12"})"},
        {"append_messages",
         R"({"conversation_id":3,"messages":"[{\"content\":\"a\"}]"})",
         R"({"conversation_id":"3","messages":[{"content":"a"}]})"},
        {"ingest_conversation",
         R"({"conversation_data":"{\"messages\":[]}"})",
         R"({"conversation_data":{"messages":[]}})"},
        {"ingest_conversation",
         R"({"conversation_data":"no JSON"})",
         R"({"conversation_data":"no JSON"})"},
        {"ingest_conversation",
         R"({"messages":[],"metadata":"{\"n\": 1}"})",
         R"({"messages":[],"metadata":{"n": 1}})"},
    };
    for (const Case& each : cases) {
        const Result<TidyArguments> read = tidy(each.tool, each.written);
        ASSERT_TRUE(read.has_value()) << each.written;
        EXPECT_EQ(read->arguments.to_json(), each.read) << each.written;
        EXPECT_TRUE(read->ignored.empty()) << each.written;
    }
}

TEST(Arguments, ThatNobodyKnowsAreToldAndNotObeyed) {
    const Result<TidyArguments> read =
        tidy("search_conversations", R"({"q":"x","limit":3,"author_names":"Ana","verbose":null})");

    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->arguments.to_json(), R"({"q":"x"})");
    EXPECT_EQ(read->ignored, (std::vector<std::string>{"limit", "author_names", "verbose"}));
}

TEST(Arguments, NearlyOursAskWhetherThoseAreMeant) {
    struct Case {
        std::string_view tool;
        std::string_view written;
        std::string_view meant;
    };
    const std::vector<Case> cases{
        {"search_conversations", R"({"q":"x","topk":3})", "top_k"},
        {"search_conversations", R"({"q":"x","author_nme":"Ana"})", "author_name"},
        {"search_conversations", R"({"q":"x","date_form":"2026-01-01"})", "date_from"},
        {"get_conversation", R"({"conversationid":"1"})", "conversation_id"},
    };
    for (const Case& each : cases) {
        const Result<TidyArguments> read = tidy(each.tool, each.written);
        ASSERT_FALSE(read.has_value()) << each.written;
        EXPECT_EQ(read.error().message, "did you mean " + std::string(each.meant) + "?");
    }
}

TEST(Arguments, SaidTwiceAreRefused) {
    const Result<TidyArguments> read = tidy("search_conversations", R"({"q":"x","query":"y"})");

    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().pointer, "/query");
}

}  // namespace
}  // namespace rag::mcp
