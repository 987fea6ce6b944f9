#include <gtest/gtest.h>

#include <set>

#include "memory.hpp"
#include "result_budget.hpp"

namespace rag::mcp {
namespace {

using test::Memory;
using test::text_at;

std::size_t tokens_of_last(const Memory& memory) {
    const std::size_t begin = memory.last_line.find(R"("result":)") + 9;
    return memory.token_counter.count(
        std::string_view(memory.last_line).substr(begin, memory.last_line.size() - begin - 1)
    );
}

const encoding::Value::Array& results_of(const encoding::Value& result) {
    return *result.find("structuredContent")->find("results")->array();
}

/// A memory of conversations about backups, each of one long chunk.
void fill(Memory& memory, int conversations) {
    for (int count = 0; count < conversations; ++count) {
        std::string content = "backups number " + std::to_string(count);
        while (content.size() < 600) content += " padding";
        memory.call(
            "ingest_conversation",
            R"({"conversation_data":{"messages":[{"content":")" + content + R"("}]}})"
        );
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
            "search_conversations", R"({"q":"backups","top_k":25,"max_tokens":3000)" + more + "}"
        );
        ASSERT_NE(page.find("structuredContent"), nullptr) << memory.last_line;
        ASSERT_LE(tokens_of_last(memory), 3'000u);
        for (const encoding::Value& row : results_of(page)) {
            EXPECT_TRUE(shown.insert(text_at(row, "chunk_id")).second);
        }
        cursor = text_at(page, "structuredContent/next_cursor");
        ++calls;
    } while (!cursor.empty() && calls < 100);

    EXPECT_EQ(shown.size(), 40u);
    EXPECT_GT(calls, 4u);
}

TEST(SearchConversations, StaysUnderTheDefaultLimitWithoutBeingAsked) {
    Memory memory;
    fill(memory, 60);

    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","top_k":60})");

    EXPECT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
    EXPECT_EQ(text_at(page, "structuredContent/truncated"), "true");
    EXPECT_GT(results_of(page).size(), 5u);
}

TEST(SearchConversations, LetsContextGoBeforeRows) {
    Memory memory;
    std::string messages;
    for (int count = 0; count < 30; ++count) {
        messages += std::string(count == 0 ? "" : ",") + R"({"author_name":")" +
                    (count % 2 == 0 ? "Ana" : "Ben") + R"(","content":"backups )" +
                    std::string(300, 'x') + R"("})";
    }
    memory.call("ingest_conversation", R"({"conversation_data":{"messages":[)" + messages + "]}}");

    const encoding::Value page = memory.call(
        "search_conversations", R"({"q":"backups","top_k":5,"context":10,"max_tokens":3000})"
    );

    EXPECT_LE(tokens_of_last(memory), 3'000u);
    EXPECT_EQ(results_of(page).size(), 5u);
    EXPECT_EQ(text_at(page, "structuredContent/truncated"), "true");
}

TEST(SearchConversations, ShortensTheOnlyRowIfItAloneIsOver) {
    Memory memory;
    fill(memory, 3);

    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","max_tokens":500})");

    EXPECT_LE(tokens_of_last(memory), 500u);
    ASSERT_EQ(results_of(page).size(), 1u);
    EXPECT_EQ(text_at(results_of(page)[0], "text_truncated"), "true");
    EXPECT_EQ(text_at(page, "structuredContent/truncated"), "true");
}

TEST(SearchConversations, ShowsTheBarePassageWhereThereIsNoRoomForNamesAndTitles) {
    Memory memory;
    fill(memory, 3);

    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","max_tokens":250})");

    EXPECT_LE(tokens_of_last(memory), 250u);
    ASSERT_EQ(results_of(page).size(), 1u);
    EXPECT_NE(text_at(results_of(page)[0], "text"), "");
    EXPECT_EQ(results_of(page)[0].find("author_name"), nullptr);
}

TEST(SearchConversations, AnswersOneResultEvenWhereTheLimitIsAbsurd) {
    Memory memory;
    fill(memory, 3);

    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","max_tokens":1})");

    ASSERT_EQ(results_of(page).size(), 1u);
    EXPECT_EQ(text_at(results_of(page)[0], "text"), "");
}

TEST(SearchConversations, DropsMetadataThatAloneIsOver) {
    Memory memory;
    memory.call(
        "ingest_conversation",
        R"({"conversation_data":{"messages":[{"content":"backups"}],"metadata":{"blob":")" +
            std::string(100'000, 'x') + R"("}}})"
    );

    const encoding::Value page = memory.call("search_conversations", R"({"q":"backups"})");

    EXPECT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
    ASSERT_EQ(results_of(page).size(), 1u);
    EXPECT_EQ(text_at(results_of(page)[0], "metadata"), "");
    EXPECT_EQ(text_at(page, "structuredContent/truncated"), "true");
}

TEST(SearchConversations, RefusesACursorOfAnotherQuestion) {
    Memory memory;
    fill(memory, 10);
    const encoding::Value page =
        memory.call("search_conversations", R"({"q":"backups","top_k":2})");
    const std::string cursor = text_at(page, "structuredContent/next_cursor");
    ASSERT_NE(cursor, "");

    const encoding::Value other = memory.call(
        "search_conversations", R"({"q":"lunch","top_k":2,"cursor":")" + cursor + R"("})"
    );

    EXPECT_EQ(text_at(other, "isError"), "true");
    EXPECT_TRUE(text_at(other, "content/0/text").starts_with("cursor: "));
}

}  // namespace
}  // namespace rag::mcp
