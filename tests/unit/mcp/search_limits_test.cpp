#include <gtest/gtest.h>

#include <set>

#include "memory.hpp"
#include "result_budget.hpp"

namespace rag::mcp {
namespace {

using test::Memory;
using test::text_at;

/// Of the text block, which is what a model reads.
std::size_t tokens_of(const Memory& memory, const encoding::Value& result) {
    return memory.token_counter.count(text_at(result, "content/0/text"));
}

const encoding::Value::Array& results_of(const encoding::Value& result) {
    return *result.find("structuredContent")->find("results")->array();
}

/// A memory of conversations about backups, each of one long chunk.
void fill(Memory& memory, int conversations) {
    for (int count = 0; count < conversations; ++count) {
        std::string content = "backups number " + std::to_string(count);
        while (content.size() < 600) content += " padding";
        memory.call("ingest_conversation", R"({"messages":[{"content":")" + content + R"("}]})");
    }
}

TEST(SearchConversations, StaysUnderItsLimitAndShowsTheRestUnderTheCursor) {
    Memory memory;
    fill(memory, 40);

    std::set<std::string> shown;
    std::string cursor;
    std::size_t calls = 0;
    do {
        const std::string more = cursor.empty() ? "" : R"(,"cursor":")" + cursor + R"(")";
        const encoding::Value page = memory.call(
            "search_conversations", R"({"q":"backups","top_k":25,"max_tokens":1500)" + more + "}"
        );
        ASSERT_NE(page.find("structuredContent"), nullptr) << memory.last_line;
        ASSERT_LE(tokens_of(memory, page), 1'500u);
        for (const encoding::Value& passage : results_of(page)) {
            EXPECT_TRUE(shown.insert(text_at(passage, "conversation_id")).second);
        }
        cursor = text_at(page, "structuredContent/next_cursor");
        if (!cursor.empty()) {
            EXPECT_NE(text_at(page, "content/0/text").find(cursor), std::string::npos);
        }
        ++calls;
    } while (!cursor.empty() && calls < 100);

    EXPECT_EQ(shown.size(), 40u);
    EXPECT_GT(calls, 4u);
}

TEST(SearchConversations, DropsContextBeforePassages) {
    Memory memory;
    std::string messages;
    for (int count = 0; count < 9; ++count) {
        const std::string content = count == 4 ? "backups" : std::string(400, 'x');
        messages += (count > 0 ? "," : "") + (R"({"content":")" + content + R"("})");
    }
    memory.call("ingest_conversation", R"({"messages":[)" + messages + "]}");

    const encoding::Value whole =
        memory.call("search_conversations", R"({"q":"backups","top_k":1,"context":4})");
    const encoding::Value small = memory.call(
        "search_conversations", R"({"q":"backups","top_k":1,"context":4,"max_tokens":300})"
    );

    EXPECT_EQ(results_of(whole)[0].find("messages")->array()->size(), 9u);
    EXPECT_EQ(text_at(whole, "structuredContent/truncated"), "false");
    EXPECT_LE(tokens_of(memory, small), 300u);
    EXPECT_LT(results_of(small)[0].find("messages")->array()->size(), 4u);
    EXPECT_EQ(text_at(small, "structuredContent/truncated"), "true");
    EXPECT_NE(text_at(small, "content/0/text").find("(truncated)"), std::string::npos);
}

TEST(SearchConversations, ShortensTheOnlyPassageThatIsOver) {
    Memory memory;
    fill(memory, 1);

    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","max_tokens":100})");

    ASSERT_EQ(results_of(page).size(), 1u);
    EXPECT_LE(tokens_of(memory, page), 100u);
    EXPECT_EQ(text_at(results_of(page)[0], "messages/0/text_truncated"), "true");
    EXPECT_NE(text_at(results_of(page)[0], "messages/0/text"), "");
}

TEST(SearchConversations, ReadsAsATranscriptWithItsHitsMarked) {
    Memory memory;
    memory.call(
        "ingest_conversation",
        R"({"scenario_title":"Boat","messages":[)"
        R"({"name":"Ana","content":"The backups are late.","timestamp":"2026-02-01T08:05:30Z"},)"
        R"({"name":"Ben","content":"Lunch?","timestamp":"2026-02-01T08:06:00Z"},)"
        R"({"role":"assistant","content":"At noon."}]})"
    );

    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","top_k":1})");

    EXPECT_EQ(
        text_at(page, "content/0/text"),
        "# Boat (conversation 1), 2026-02-01\n"
        "> [0] Ana, 2026-02-01 08:05: The backups are late.\n"
        "[1] Ben, 2026-02-01 08:06: Lunch?\n"
        "[2] assistant: At noon.\n\n"
        "next_cursor: " +
            text_at(page, "structuredContent/next_cursor") + "\n"
    );
    const encoding::Value& passage = results_of(page)[0];
    EXPECT_EQ(text_at(passage, "title"), "Boat");
    EXPECT_EQ(text_at(passage, "from"), "0");
    EXPECT_EQ(text_at(passage, "to"), "2");
    EXPECT_EQ(
        passage.find("messages")->array()->at(0).to_json(),
        R"({"index":0,"author":"Ana","time":"2026-02-01T08:05:30.000Z",)"
        R"("text":"The backups are late.","hit":true})"
    );
    EXPECT_EQ(
        passage.find("messages")->array()->at(2).to_json(),
        R"({"index":2,"type":"assistant","text":"At noon."})"
    );
}

TEST(SearchConversations, SaysWhatNothingFoundLooksLike) {
    Memory memory;

    const encoding::Value page = memory.call("search_conversations", R"({"q":"backups"})");

    EXPECT_EQ(results_of(page).size(), 0u);
    EXPECT_TRUE(text_at(page, "content/0/text").starts_with("No results"));
}

}  // namespace
}  // namespace rag::mcp
