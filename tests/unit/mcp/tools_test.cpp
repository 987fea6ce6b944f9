#include <gtest/gtest.h>

#include "memory.hpp"

namespace rag::mcp {
namespace {

using test::Memory;
using test::text_at;

constexpr std::string_view kTwoMessages =
    R"({"conversation_data":{"scenario_title":"Backups","url":"https://example.com/1",)"
    R"("metadata":{"n": 12345678901234567890},"messages":[)"
    R"({"author_name":"Ana","author_type":"user","content":"the backups moved to the bucket",)"
    R"("timestamp":"2025-11-07T14:30:45Z"},{"author_name":"Ben","content":"lunch at noon"}]}})";

/// The text of an error result; "" if it is none.
std::string error_of(const encoding::Value& result) {
    return text_at(result, "isError") == "true" ? text_at(result, "content/0/text") : "";
}

TEST(Tools, StoreFindReadAndDeleteAConversation) {
    Memory memory;

    const encoding::Value stored = memory.call("ingest_conversation", kTwoMessages);
    const std::string id = text_at(stored, "structuredContent/conversation_id");
    ASSERT_NE(id, "");
    EXPECT_EQ(text_at(stored, "structuredContent/messages"), "2");
    EXPECT_EQ(text_at(stored, "structuredContent/duplicate"), "false");
    const encoding::Value again = memory.call("ingest_conversation", kTwoMessages);
    EXPECT_EQ(text_at(again, "structuredContent/duplicate"), "true");
    EXPECT_EQ(text_at(again, "structuredContent/conversation_id"), id);

    const encoding::Value found =
        memory.call("search_conversations", R"({"q":"backups","author_name":"Ana","context":1})");
    EXPECT_EQ(text_at(found, "structuredContent/results/0/conversation_id"), id);
    EXPECT_EQ(text_at(found, "structuredContent/results/0/messages/1/text"), "lunch at noon");
    EXPECT_EQ(text_at(found, "structuredContent/truncated"), "false");

    const encoding::Value read =
        memory.call("get_conversation", R"({"conversation_id":)" + id + R"(,"from":1})");
    EXPECT_EQ(text_at(read, "structuredContent/messages/0/content"), "lunch at noon");
    EXPECT_EQ(text_at(read, "structuredContent/messages/1"), "");
    EXPECT_EQ(text_at(read, "structuredContent/total"), "2");

    const encoding::Value listed = memory.call("get_conversations", "{}");
    EXPECT_EQ(text_at(listed, "structuredContent/conversations/0/id"), id);

    const encoding::Value gone =
        memory.call("delete_conversation", R"({"conversation_id":")" + id + R"("})");
    EXPECT_EQ(text_at(gone, "structuredContent/conversation_id"), id);
    const encoding::Value missing =
        memory.call("get_conversation", R"({"conversation_id":")" + id + R"("})");
    EXPECT_NE(error_of(missing), "");
}

TEST(Tools, CorrectAConversation) {
    Memory memory;
    const std::string id = text_at(
        memory.call("ingest_conversation", kTwoMessages), "structuredContent/conversation_id"
    );

    const encoding::Value corrected = memory.call(
        "update_conversation",
        R"({"conversation_id":)" + id + R"(,"scenario_title":"Storage","metadata":"{\"n\":1}"})"
    );
    EXPECT_EQ(text_at(corrected, "structuredContent/id"), id);
    EXPECT_EQ(text_at(corrected, "structuredContent/scenario_title"), "Storage");
    EXPECT_EQ(text_at(corrected, "structuredContent/url"), "https://example.com/1");
    EXPECT_NE(
        error_of(memory.call("update_conversation", R"({"conversation_id":)" + id + "}")), ""
    );
    EXPECT_NE(
        error_of(memory.call("update_conversation", R"({"conversation_id":99,"url":"u"})")), ""
    );
    const encoding::Value listed =
        memory.call("get_conversations", R"({"scenario_title":"storage"})");
    EXPECT_EQ(text_at(listed, "structuredContent/conversations/0/id"), id);
    const encoding::Value none = memory.call("get_conversations", R"({"author_name":"Cid"})");
    EXPECT_EQ(text_at(none, "structuredContent/conversations/0/id"), "");
}

TEST(Tools, AppendToTheConversationOfThatName) {
    Memory memory;
    memory.call(
        "ingest_conversation", R"({"external_id":"thread","messages":[{"content":"one"}]})"
    );

    const encoding::Value added = memory.call(
        "append_messages", R"({"external_id":"thread","messages":[{"role":"user","text":"two"}]})"
    );
    EXPECT_EQ(text_at(added, "structuredContent/messages"), "1");
    const encoding::Value unknown =
        memory.call("append_messages", R"({"external_id":"other","messages":[{"content":"x"}]})");
    EXPECT_TRUE(error_of(unknown).starts_with("external_id: "));
    const encoding::Value nowhere = memory.call("append_messages", R"({"messages":["x"]})");
    EXPECT_TRUE(error_of(nowhere).starts_with("conversation_id: "));
}

TEST(Tools, DoWithAKnownConversationWhatIsWished) {
    Memory memory;
    const auto send = [&memory](std::string_view fields) {
        return memory.call(
            "ingest_conversation", "{\"external_id\":\"thread\"," + std::string(fields)
        );
    };
    send(R"("messages":[{"content":"one"}]})");

    EXPECT_TRUE(error_of(send(R"("messages":[{"content":"two"}]})")).starts_with("messages/0"));
    const encoding::Value replaced =
        send(R"("if_exists":"replace","messages":[{"content":"two"}]})");
    EXPECT_EQ(text_at(replaced, "structuredContent/replaced"), "true");
    EXPECT_TRUE(error_of(send(R"("if_exists":"no","messages":[{"content":"two"}]})"))
                    .starts_with("if_exists: "));
}

TEST(Tools, TellAModelWhichTextNothingCanHold) {
    Memory memory;
    const std::string_view text = R"({"conversation_data":{"messages":[{"content":"a\u0000b"}]}})";
    const std::string refused = error_of(memory.call("ingest_conversation", text));
    EXPECT_TRUE(refused.starts_with("conversation_data/messages/0/content: ")) << refused;

    const encoding::Value taken = memory.call(
        "ingest_conversation",
        R"({"conversation_data":{"on_invalid":"replace","messages":[{"content":"a\u0000b"}]}})"
    );
    EXPECT_EQ(
        text_at(taken, "structuredContent/notes/0/pointer"), "/conversation_data/messages/0/content"
    );
}

TEST(Tools, RepeatTheObjectAsTextAndKeepMetadataAsItWasSent) {
    Memory memory;
    memory.call(
        "ingest_conversation",
        R"({"messages":[{"content":"a","metadata":{"n": 12345678901234567890}}]})"
    );

    const encoding::Value read = memory.call("get_conversation", R"({"conversation_id":1})");

    const std::string text = text_at(read, "content/0/text");
    EXPECT_NE(text.find(R"("metadata":{"n": 12345678901234567890})"), std::string::npos) << text;
    EXPECT_EQ(text.find("null"), std::string::npos) << text;
    EXPECT_EQ(encoding::parse_json(text)->to_json(), read.find("structuredContent")->to_json());
}

TEST(Tools, AppendMessagesToAConversation) {
    Memory memory;
    memory.call("ingest_conversation", kTwoMessages);

    const encoding::Value added = memory.call(
        "append_messages", R"({"conversation_id":1,"messages":[{"content":"tea at four"}]})"
    );

    EXPECT_EQ(text_at(added, "structuredContent/messages"), "1");
    const encoding::Value found = memory.call("search_conversations", R"({"q":"tea","top_k":1})");
    EXPECT_NE(text_at(found, "content/0/text").find("> [2]: tea at four"), std::string::npos)
        << memory.last_line;
}

TEST(Tools, HaveNoStructuredContentBeforeTheRevisionThatBroughtIt) {
    Memory memory;
    for (const char* revision : {"2024-11-05", "2025-03-26"}) {
        const encoding::Value health = memory.call_as(revision, "health_check", "{}");
        EXPECT_EQ(health.find("structuredContent"), nullptr) << revision;
        EXPECT_NE(text_at(health, "content/0/text"), "") << revision;
    }
}

TEST(Tools, NameTheArgumentThatDoesNotFit) {
    Memory memory;
    struct Case {
        std::string_view tool;
        std::string_view arguments;
        std::string_view names;
    };
    const std::vector<Case> cases{
        {"search_conversations", "{}", "q: "},
        {"search_conversations", R"({"q":" "})", "q: "},
        {"search_conversations", R"({"q":7})", "q: "},
        {"search_conversations", R"({"q":"x","top_k":0})", "top_k: "},
        {"search_conversations", R"({"q":"x","top_k":101})", "top_k: "},
        {"search_conversations", R"({"q":"x","top_k":"five"})", "top_k: "},
        {"search_conversations", R"({"q":"x","context":11})", "context: "},
        {"search_conversations", R"({"q":"x","min_score":2})", "min_score: "},
        {"search_conversations", R"({"q":"x","max_tokens":0})", "max_tokens: "},
        {"search_conversations", R"({"q":"x","date_from":"soon"})", "date_from: "},
        {"search_conversations", R"({"q":"x","author_type":7})", "author_type: "},
        {"search_conversations", R"({"q":"x","cursor":"made up"})", "cursor: "},
        {"search_conversations", R"({"q":"x","query":"x"})", "query: "},
        {"ingest_conversation", "{}", "conversation_data: "},
        {"ingest_conversation", R"({"conversation_data":{}})", "conversation_data: "},
        {"ingest_conversation",
         R"({"conversation_data":{"messages":[]}})",
         "conversation_data/messages: "},
        {"ingest_conversation",
         R"({"conversation_data":{"messages":[{"content":" "}]}})",
         "conversation_data/messages: "},
        {"ingest_conversation",
         R"({"conversation_data":{"messages":[{"content":"a","timestmp":"b"}]}})",
         "conversation_data/messages/0/timestmp: "},
        {"ingest_conversation",
         R"({"conversation_data":{"messages":[{"content":"a"}]},"idempotency_key":"a b"})",
         "idempotency_key: "},
        {"get_conversations", R"({"limit":101})", "limit: "},
        {"get_conversations", R"({"skip":-1})", "skip: "},
        {"get_conversation", "{}", "conversation_id: "},
        {"get_conversation", R"({"conversation_id":"x"})", "conversation_id: "},
        {"get_conversation", R"({"conversation_id":1,"from":3,"to":2})", "to: "},
        {"get_conversation", R"({"conversation_id":1,"cursor":"x"})", "cursor: "},
        {"delete_conversation", R"({"conversation_id":1.5})", "conversation_id: "},
        {"search", R"({"question":"x"})", "query: "},
        {"fetch", R"({"id":7.5})", "id: "},
        {"fetch", R"({"id":"7@x"})", "id: "},
    };

    for (const Case& each : cases) {
        const std::string error = error_of(memory.call(each.tool, each.arguments));
        EXPECT_TRUE(error.starts_with(each.names))
            << each.tool << " " << each.arguments << " answered: " << memory.last_line;
    }
    EXPECT_EQ(memory.repository.calls("save"), 0);
}

TEST(Tools, RepeatOnlyTheBeginningOfANameThatIsMadeUp) {
    Memory memory;
    const std::string name(1'000'000, 'x');

    EXPECT_LT(error_of(memory.call("health_check", "{\"" + name + "\":1}")).size(), 600u);
    memory.call(name, "{}");
    EXPECT_LT(memory.last_line.size(), 700u);
}

TEST(Tools, RefuseAnUnknownNameAsAProtocolError) {
    Memory memory;

    memory.call("no_such_tool", "{}");

    EXPECT_NE(memory.last_line.find(R"("error":{"code":-32602)"), std::string::npos);
}

TEST(Tools, StoreOnceWhateverIsRepeatedUnderOneKey) {
    Memory memory;
    const std::string keyed = R"({"conversation_data":{"messages":[{"content":"a"}]},)"
                              R"("idempotency_key":"k"})";
    const std::string spaced = R"({"idempotency_key":"k",)"
                               R"("conversation_data": {"messages": [{"content": "a"}]}})";
    const std::string other = R"({"conversation_data":{"messages":[{"content":"b"}]},)"
                              R"("idempotency_key":"k"})";

    const encoding::Value first = memory.call("ingest_conversation", keyed);
    const encoding::Value repeated = memory.call("ingest_conversation", spaced);
    const encoding::Value reused = memory.call("ingest_conversation", other);

    EXPECT_EQ(
        first.find("structuredContent")->to_json(), repeated.find("structuredContent")->to_json()
    );
    EXPECT_NE(error_of(reused), "");
}

TEST(Tools, ReadALargeConversationOnThePool) {
    Memory memory;
    const auto store = [&memory](std::size_t bytes) {
        const std::size_t before = memory.work_pool.jobs();
        memory.call(
            "ingest_conversation",
            R"({"conversation_data":{"messages":[{"content":"a )" + std::string(bytes, 'b') +
                R"("}]}})"
        );
        EXPECT_EQ(memory.last_line.find("isError"), std::string::npos) << memory.last_line;
        return memory.work_pool.jobs() - before;
    };

    EXPECT_EQ(store(1'000), 1u);  // Cut into chunks.
    EXPECT_EQ(
        store(300'000), 5u
    );  // Parsed, tidied, read as a conversation, fingerprinted before that.
}

TEST(Tools, DoAForwardedWriteOnce) {
    Memory memory;
    wire::Request request;
    request.method = "POST";
    request.origin = wire::Origin::owner_socket;
    request.headers = {
        {std::string(wire::kStdioHeader), "2025-11-25"},
        {std::string(wire::kForwardKeyHeader), "key"}};
    request.body =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ingest_conversation",)"
        R"("arguments":{"conversation_data":{"messages":[{"content":"a"}]}}}})";

    const std::string first = memory.send(request).body;
    const std::string second = memory.send(request).body;

    EXPECT_NE(first.find(R"(\"duplicate\":false)"), std::string::npos) << first;
    EXPECT_EQ(first, second);
}

TEST(Tools, LeaveAForwardedCallToTheNextOwner) {
    const std::string call =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ingest_conversation",)"
        R"("arguments":{"conversation_data":{"messages":[{"content":"a"}]}}}})";
    Memory memory;
    memory.embeddings.fail_with(ErrorCode::unavailable);

    // An owner that stays has an answer; one that goes away has none.
    const wire::Response stays = memory.send_line(call, "2025-11-25");
    memory.use_cases.health.start_draining();
    const wire::Response goes = memory.send_line(call, "2025-11-25");
    const wire::Response batch = memory.send_line("[" + call + "]", "2025-03-26");

    EXPECT_EQ(stays.status, 200);
    EXPECT_NE(stays.body.find(R"("isError":true)"), std::string::npos) << stays.body;
    for (const wire::Response& left : {goes, batch}) {
        EXPECT_EQ(left.status, 503);
        EXPECT_NE(left.body.find(R"("code":"shutting_down")"), std::string::npos) << left.body;
    }
}

TEST(Tools, TellTheModelToTryAgainWhileTheMemoryIsNotReady) {
    Memory memory;
    memory.repository.fail_with("candidates", ErrorCode::unavailable);

    const std::string error = error_of(memory.call("search_conversations", R"({"q":"x"})"));

    EXPECT_NE(error.find("Try again"), std::string::npos) << error;
}

TEST(ConnectorTools, SearchConversationsAndFetchThemAsTranscripts) {
    Memory memory;
    const encoding::Value stored = memory.call("ingest_conversation", kTwoMessages);
    const std::string id = text_at(stored, "structuredContent/conversation_id");
    memory.call(
        "ingest_conversation", R"({"conversation_data":{"messages":[{"content":"backups again"}]}})"
    );

    const encoding::Value found = memory.call("search", R"({"query":"backups bucket"})");
    EXPECT_EQ(text_at(found, "structuredContent/results/0/id"), id);
    EXPECT_EQ(text_at(found, "structuredContent/results/0/title"), "Backups");
    EXPECT_EQ(text_at(found, "structuredContent/results/0/url"), "https://example.com/1");
    EXPECT_EQ(text_at(found, "structuredContent/results/1/url"), "conversation://2");
    EXPECT_EQ(text_at(found, "structuredContent/results/2/id"), "");

    const encoding::Value fetched = memory.call("fetch", R"({"id":")" + id + R"("})");
    EXPECT_EQ(
        text_at(fetched, "structuredContent/text"),
        "Ana (2025-11-07T14:30:45.000Z): the backups moved to the bucket\n\nBen: lunch at noon"
    );
    EXPECT_NE(memory.last_line.find(R"("message_count":2)"), std::string::npos);
    EXPECT_EQ(text_at(fetched, "structuredContent/truncated"), "false");
}

}  // namespace
}  // namespace rag::mcp
