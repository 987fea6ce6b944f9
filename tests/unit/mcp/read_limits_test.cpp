#include <gtest/gtest.h>

#include <set>

#include "encoding/utf8.hpp"
#include "memory.hpp"
#include "result_budget.hpp"

namespace rag::mcp {
namespace {

using test::conversation_json;
using test::Memory;
using test::text_at;

std::string ingest(Memory& memory, const std::string& conversation) {
    const encoding::Value stored =
        memory.call("ingest_conversation", R"({"conversation_data":)" + conversation + "}");
    return text_at(stored, "structuredContent/conversation_id");
}

std::string argument(std::string_view name, std::string_view text) {
    encoding::JsonWriter out;
    return out.begin_object().member(name, text).end_object().take();
}

/// The tokens of the result that the last call was answered with.
std::size_t tokens_of_last(const Memory& memory) {
    const std::size_t begin = memory.last_line.find(R"("result":)") + 9;
    return memory.token_counter.count(
        std::string_view(memory.last_line).substr(begin, memory.last_line.size() - begin - 1)
    );
}

std::string content_of(std::string_view letters, std::size_t bytes) {
    std::string content;
    for (std::size_t word = 0; content.size() < bytes; ++word) {
        content += std::string(letters) + std::to_string(word) + ' ';
    }
    return content + "end";
}

TEST(GetConversation, ShowsALongOneInPagesThatTogetherAreAllOfIt) {
    Memory memory;
    const std::string id = ingest(memory, conversation_json("Long", 300, 10));

    std::string cursor;
    std::size_t pages = 0;
    std::size_t next = 0;
    do {
        const std::string more = cursor.empty() ? "" : R"(,"cursor":")" + cursor + R"(")";
        const encoding::Value page =
            memory.call("get_conversation", R"({"conversation_id":")" + id + R"(")" + more + "}");
        ASSERT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
        for (const encoding::Value& message :
             *page.find("structuredContent")->find("messages")->array()) {
            EXPECT_EQ(text_at(message, "index"), std::to_string(next));
            ++next;
        }
        cursor = text_at(page, "structuredContent/next_cursor");
        EXPECT_EQ(text_at(page, "structuredContent/truncated"), cursor.empty() ? "false" : "true");
        ++pages;
    } while (!cursor.empty() && pages < 100);

    EXPECT_EQ(next, 300u);
    EXPECT_GT(pages, 1u);
}

TEST(GetConversation, ShowsAHugeMessageInPartsThatTogetherAreItsText) {
    Memory memory;
    const std::string content = content_of("w\u00f6rd", 100'000);
    encoding::JsonWriter json;
    json.begin_object().key("messages").begin_array().begin_object();
    json.member("content", std::string_view(content)).end_object().begin_object();
    json.member("content", "after it").end_object().end_array().end_object();
    const std::string id = ingest(memory, json.text());

    std::string whole;
    std::string last;
    std::string cursor;
    std::size_t pages = 0;
    do {
        const std::string more = cursor.empty() ? "" : R"(,"cursor":")" + cursor + R"(")";
        const encoding::Value page =
            memory.call("get_conversation", R"({"conversation_id":")" + id + R"(")" + more + "}");
        ASSERT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
        for (const encoding::Value& message :
             *page.find("structuredContent")->find("messages")->array()) {
            const bool first = text_at(message, "index") == "0";
            (first ? whole : last) += text_at(message, "content");
        }
        cursor = text_at(page, "structuredContent/next_cursor");
        ++pages;
    } while (!cursor.empty() && pages < 100);

    EXPECT_EQ(whole, content);
    EXPECT_EQ(last, "after it");
    EXPECT_LT(pages, 20u);
}

TEST(GetConversation, LeavesOutMetadataThatAloneIsOverTheLimit) {
    Memory memory;
    const std::string id = ingest(
        memory,
        R"({"messages":[{"content":"short","metadata":{"blob":")" + std::string(60'000, 'x') +
            R"("}}]})"
    );

    const encoding::Value page =
        memory.call("get_conversation", R"({"conversation_id":")" + id + R"("})");

    EXPECT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
    EXPECT_EQ(text_at(page, "structuredContent/messages/0/content"), "short");
    EXPECT_EQ(text_at(page, "structuredContent/messages/0/metadata_omitted"), "true");
}

TEST(GetConversation, StopsAtTheLastMessageAskedFor) {
    Memory memory;
    const std::string id = ingest(memory, conversation_json("Short", 10));

    const encoding::Value page =
        memory.call("get_conversation", R"({"conversation_id":")" + id + R"(","from":3,"to":4})");

    EXPECT_EQ(text_at(page, "structuredContent/messages/0/index"), "3");
    EXPECT_EQ(text_at(page, "structuredContent/messages/1/index"), "4");
    EXPECT_EQ(text_at(page, "structuredContent/messages/2"), "");
    EXPECT_EQ(text_at(page, "structuredContent/truncated"), "false");
}

TEST(GetConversation, RefusesACursorWithinACharacter) {
    Memory memory;
    const std::string id = ingest(memory, "{\"messages\":[{\"content\":\"\u00fcber\"}]}");

    const encoding::Value page =
        memory.call("get_conversation", R"({"conversation_id":")" + id + R"(","cursor":"0.1"})");

    EXPECT_EQ(text_at(page, "isError"), "true");
}

TEST(GetConversations, ShowsAllOfThemOnceWhateverTheirTitlesAre) {
    Memory memory;
    std::set<std::string> expected;
    for (int count = 0; count < 30; ++count) {
        // Titles of up to 1,000 characters, so that a page does not fit in one result.
        const std::string title = std::string(900, 't') + std::to_string(count);
        expected.insert(ingest(memory, conversation_json(title, 1)));
    }

    std::set<std::string> shown;
    std::string cursor;
    std::size_t calls = 0;
    do {
        const std::string more = cursor.empty() ? "" : R"(,"cursor":")" + cursor + R"(")";
        const encoding::Value page =
            memory.call("get_conversations", R"({"limit":20)" + more + "}");
        ASSERT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
        for (const encoding::Value& row :
             *page.find("structuredContent")->find("conversations")->array()) {
            EXPECT_TRUE(shown.insert(text_at(row, "id")).second);
        }
        cursor = text_at(page, "structuredContent/next_cursor");
        ++calls;
    } while (!cursor.empty() && calls < 100);

    EXPECT_EQ(shown, expected);
    EXPECT_GT(calls, 2u);
}

TEST(Fetch, GivesALongConversationInPartsThatTogetherAreItsTranscript) {
    Memory memory;
    const std::string id = ingest(memory, conversation_json("Long", 300, 10));

    std::string next = id;
    std::string text;
    std::size_t parts = 0;
    do {
        const encoding::Value part = memory.call("fetch", R"({"id":")" + next + R"("})");
        ASSERT_LE(tokens_of_last(memory), ResultBudget::kDefaultTokens);
        EXPECT_EQ(text_at(part, "structuredContent/title"), "Long");
        text += text_at(part, "structuredContent/text") + "\n";
        next = text_at(part, "structuredContent/next_cursor");
        ++parts;
    } while (!next.empty() && parts < 100);

    EXPECT_GT(parts, 1u);
    for (int message = 0; message < 300; ++message) {
        EXPECT_NE(text.find("message number " + std::to_string(message) + " "), std::string::npos);
    }
}

TEST(GetConversation, ReadsBeyondTheMessagesThatAConversationHasByDefault) {
    Memory memory;
    UseCaseOptions options = test::default_options();
    options.conversation.messages_max = limits::kMessagesRaisedMax;
    UseCases unlimited(memory.ports(), options);
    Conversation conversation;
    conversation.messages.resize(limits::kMessagesMax + 1);
    for (rag::Message& message : conversation.messages) message.content = "word";
    WriteContext write;
    const CallContext context = test::within(test::kPatience);
    const Result<WriteAnswer> stored =
        test::await(unlimited.ingest.run(std::move(conversation), std::move(write), context));
    ASSERT_TRUE(stored) << stored.error().message;
    const std::string id = std::to_string(stored->outcome.conversation_id.value);

    const encoding::Value page =
        memory.call("get_conversation", R"({"conversation_id":")" + id + R"(","from":9990})");

    EXPECT_EQ(text_at(page, "structuredContent/messages/10/index"), "10000");
}

TEST(ReadTools, WorkOnLongTextsOnThePoolAndOnShortOnesAtOnce) {
    Memory memory;
    const std::string small = ingest(memory, conversation_json("Small", 3));
    const std::string large = ingest(memory, conversation_json("Large", 16, 100));
    const auto jobs_of = [&memory](std::string_view tool, const std::string& arguments) {
        const std::size_t before = memory.work_pool.jobs();
        const encoding::Value answer = memory.call(tool, arguments);
        EXPECT_NE(answer.find("structuredContent"), nullptr) << memory.last_line;
        return memory.work_pool.jobs() - before;
    };

    EXPECT_EQ(jobs_of("get_conversation", argument("conversation_id", small)), 0u);
    EXPECT_EQ(jobs_of("get_conversation", argument("conversation_id", large)), 1u);
    EXPECT_EQ(jobs_of("fetch", argument("id", small)), 0u);
    EXPECT_EQ(jobs_of("fetch", argument("id", large)), 1u);
    EXPECT_EQ(jobs_of("search_conversations", R"({"q":"message","top_k":2})"), 0u);
    EXPECT_EQ(jobs_of("search_conversations", R"({"q":"message","top_k":40})"), 1u);
}

TEST(ReadTools, TellTheModelToTryAgainWhereThePoolIsBusy) {
    Memory memory;
    const std::string large = ingest(memory, conversation_json("Large", 16, 100));
    memory.work_pool.refuse_with(ErrorCode::overloaded);

    for (const encoding::Value& answer :
         {memory.call("get_conversation", argument("conversation_id", large)),
          memory.call("fetch", argument("id", large))}) {
        EXPECT_EQ(text_at(answer, "isError"), "true");
        EXPECT_NE(text_at(answer, "content/0/text").find("Try again"), std::string::npos);
    }
}

TEST(PrefixThatFits, CutsBetweenWordsAndNeverWithinACharacter) {
    const test::ByteTokenCounter counter;
    const ResultBudget budget(counter, Revision::v2024_11_05, 8'000);
    const std::string words = content_of("word", 4'000);
    const std::string accents = content_of("\u00e9\u00e9\u00e9\u00e9", 4'000);

    const std::string_view kept = prefix_that_fits(words, budget, 200);
    EXPECT_LE(budget.cost(kept), 200u);
    EXPECT_GT(budget.cost(kept), 170u);
    EXPECT_EQ(words[kept.size()], ' ');
    EXPECT_TRUE(encoding::is_valid_utf8(prefix_that_fits(accents, budget, 101)));
    EXPECT_EQ(prefix_that_fits("short", budget, 200), "short");
    EXPECT_EQ(prefix_that_fits(words, budget, 0), "");
}

}  // namespace
}  // namespace rag::mcp
