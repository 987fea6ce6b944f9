#include <gmock/gmock.h>

#include "support/fake_time_zones.hpp"
#include "wire/parse.hpp"

namespace rag::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <class T>
std::string pointer_of(const Result<T>& result) {
    return result ? "taken" : result.error().pointer;
}

/// The message, sent alone.
Message read(const std::string& message) {
    Result<SentConversation> sent = parse_conversation("{\"messages\":[" + message + "]}");
    EXPECT_TRUE(sent) << sent.error().pointer << ": " << sent.error().message;
    return sent ? std::move(sent->conversation.messages.front()) : Message{};
}

std::vector<std::string> pointers_of(const Notes& notes) {
    std::vector<std::string> pointers;
    for (const Note& note : notes.told()) pointers.push_back(note.pointer);
    return pointers;
}

TEST(ParseConversation, TakesEveryFieldAndItsOtherName) {
    const Result<SentConversation> parsed = parse_conversation(
        R"({"scenario_title":"s","original_title":"o","url":"u","external_id":"e","metadata":{"k":[1]},
            "messages":[{"author_name":"ana","author_type":"user","content":"hi",
                         "timestamp":"2025-11-07T14:30:45.123+01:00","external_id":"m","metadata":{}},
                        {"name":"bot","role":"assistant","text":"ho"}]})"
    );

    ASSERT_TRUE(parsed) << parsed.error().pointer << parsed.error().message;
    EXPECT_EQ(parsed->conversation.header.scenario_title, "s");
    EXPECT_EQ(parsed->conversation.header.original_title, "o");
    EXPECT_EQ(parsed->conversation.header.url, "u");
    EXPECT_EQ(parsed->conversation.header.external_id, "e");
    EXPECT_EQ(parsed->conversation.header.metadata.raw, R"({"k":[1]})");
    ASSERT_EQ(parsed->conversation.messages.size(), 2U);
    EXPECT_EQ(parsed->conversation.messages[0].author_name, "ana");
    EXPECT_EQ(
        format_timestamp(*parsed->conversation.messages[0].timestamp), "2025-11-07T13:30:45.123Z"
    );
    EXPECT_EQ(parsed->conversation.messages[0].external_id, "m");
    EXPECT_EQ(parsed->conversation.messages[0].metadata.raw, "{}");
    EXPECT_EQ(parsed->conversation.messages[1].author_name, "bot");
    EXPECT_EQ(parsed->conversation.messages[1].author_type, "assistant");
    EXPECT_EQ(parsed->conversation.messages[1].content, "ho");
}

TEST(ParseConversation, TakesNullAsAbsent) {
    const Result<SentConversation> parsed = parse_conversation(
        R"({"scenario_title":null,"metadata":null,
            "messages":[{"content":"x","text":null,"role":null,"timestamp":null,"metadata":null}]})"
    );

    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->conversation.header.scenario_title, std::nullopt);
    EXPECT_TRUE(parsed->conversation.header.metadata.raw.empty());
    EXPECT_EQ(parsed->conversation.messages[0].timestamp, std::nullopt);
}

TEST(ParseConversation, NamesTheFieldThatIsWrong) {
    const auto of = [](std::string_view body) { return pointer_of(parse_conversation(body)); };
    const auto of_message = [&of](const std::string& fields) {
        return of(R"({"messages":[{"content":"x"},{)" + fields + "}]}");
    };

    EXPECT_EQ(of("[]"), "");
    EXPECT_EQ(of("{}"), "/messages");
    EXPECT_EQ(of(R"({"messages":null})"), "/messages");
    EXPECT_EQ(of(R"({"messages":{}})"), "/messages");
    EXPECT_EQ(of(R"({"messages":["x"]})"), "/messages/0");
    EXPECT_EQ(of(R"({"messages":[{"content":"x"}],"titel":"x"})"), "/titel");
    EXPECT_EQ(of(R"({"messages":[{"content":"x"}],"if_exist":"new"})"), "/if_exist");
    EXPECT_EQ(of(R"({"messages":[{"content":"x"}],"if_exists":"other"})"), "/if_exists");
    EXPECT_EQ(of(R"({"messages":[{"content":"x"}],"embedding":"later"})"), "/embedding");
    EXPECT_EQ(of(R"({"message":[{"content":"x"}]})"), "/message");
    EXPECT_EQ(of(R"({"messages":[{"content":"x"}],"url":5})"), "/url");
    EXPECT_EQ(of(R"({"messages":[{"content":"x"}],"metadata":[]})"), "/metadata");
    EXPECT_EQ(of_message(R"("role":"user")"), "/messages/1/content");
    EXPECT_EQ(of_message(R"("role":"user","contents":"x")"), "/messages/1/contents");
    EXPECT_EQ(of_message(R"("role":"user","type":"message")"), "/messages/1/content");
    EXPECT_EQ(of_message(R"("content":5)"), "/messages/1/content");
    EXPECT_EQ(of_message(R"("content":"x","text":"x")"), "/messages/1/text");
    EXPECT_EQ(
        of_message(R"("content":"x","role":"user","author_type":"user")"), "/messages/1/role"
    );
    EXPECT_EQ(of_message(R"("content":"x","name":"a","author_name":"a")"), "/messages/1/name");
    EXPECT_EQ(of_message(R"("content":"x","timestamp":"yesterday")"), "/messages/1/timestamp");
    EXPECT_EQ(
        of_message(R"("content":"x","timestamp":20251107000000000)"), "/messages/1/timestamp"
    );
    EXPECT_EQ(of_message(R"("content":"x","timestmp":1762526400)"), "/messages/1/timestmp");
    EXPECT_EQ(of_message(R"("content":"x","mood":1,"metadata":{"mood":2})"), "/messages/1/mood");
    EXPECT_EQ(of_message(R"("content":"x","metadata":"m")"), "/messages/1/metadata");
}

TEST(ParseConversation, KeepsPartsCallsAndFurtherKeys) {
    const Result<SentConversation> parsed = parse_conversation(
        R"({"title":"t","id":7,"topic":"tea","messages":[
            {"role":"user","createdAt":1762526400,"content":[{"type":"text","text":"a"},{"type":"image"}]},
            {"role":"assistant","content":null,"tool_calls":[{"function":{"name":"boil","arguments":"{}"}}]},
            {"from":"human","value":"b","weight":1.50}]})"
    );

    ASSERT_TRUE(parsed) << parsed.error().pointer << parsed.error().message;
    EXPECT_EQ(parsed->conversation.header.scenario_title, "t");
    EXPECT_EQ(parsed->conversation.header.external_id, "7");
    EXPECT_EQ(parsed->conversation.header.metadata.raw, R"({"topic":"tea"})");
    EXPECT_EQ(parsed->conversation.messages[0].content, "a\n\n[image]");
    EXPECT_EQ(
        format_timestamp(*parsed->conversation.messages[0].timestamp), "2025-11-07T14:40:00.000Z"
    );
    EXPECT_EQ(parsed->conversation.messages[1].content, "[tool call boil] {}");
    EXPECT_EQ(parsed->conversation.messages[2].author_type, "human");
    EXPECT_EQ(parsed->conversation.messages[2].metadata.raw, R"({"weight":1.50})");
}

TEST(ParseConversation, OfAPartOfSomethingLargerPointsIntoTheWhole) {
    const Result<encoding::Value> value = encoding::parse_json(R"({"messages":[{}]})");
    EXPECT_EQ(
        pointer_of(parse_conversation(*value, "/conversation_data")),
        "/conversation_data/messages/0/content"
    );
}

TEST(ReadMessage, TakesAnAuthorAsAnObject) {
    const Message message =
        read(R"({"author":{"role":"assistant","name":"Skipper","mood":"calm"},"text":"Aye."})");

    EXPECT_EQ(message.author_type, "assistant");
    EXPECT_EQ(message.author_name, "Skipper");
    EXPECT_EQ(message.metadata.raw, R"({"author":{"mood":"calm"}})");
}

TEST(ReadMessage, TakesShareGptsSpeakerAsARoleWhateverItsWord) {
    EXPECT_EQ(read(R"({"from":"gpt","value":"Yes."})").author_type, "gpt");
    EXPECT_EQ(read(R"({"from":"gpt","text":"Yes."})").author_name, "gpt");
}

TEST(ReadMessage, TakesTheMessageInsideOfAMessage) {
    const Message message = read(
        R"({"type":"assistant","sessionId":"s","timestamp":"2025-11-07T14:30:45Z",
            "message":{"role":"assistant","type":"message","id":"m1","model":"x",
                       "content":[{"type":"text","text":"Done."},{"type":"tool_use","name":"ls"}]}})"
    );

    EXPECT_EQ(message.content, "Done.\n\n[tool_use]");
    EXPECT_EQ(message.author_type, "assistant");
    EXPECT_EQ(message.external_id, "m1");
    EXPECT_EQ(format_timestamp(*message.timestamp), "2025-11-07T14:30:45.000Z");
    EXPECT_THAT(message.metadata.raw, HasSubstr(R"("sessionId":"s")"));
    EXPECT_THAT(message.metadata.raw, HasSubstr(R"("model":"x")"));
    EXPECT_THAT(message.metadata.raw, HasSubstr(R"("message":{"type":"message"})"));
}

TEST(ReadMessage, OfTwoObjectsTheInnerOneCountsAndNothingIsLost) {
    const Message message = read(
        R"({"id":"node","create_time":1,"message":{"id":"m","content":{"content_type":"text",
            "parts":["One.","Two."]},"author":{"role":"user","name":null}}})"
    );

    EXPECT_EQ(message.content, "One.\n\nTwo.");
    EXPECT_EQ(message.external_id, "m");
    EXPECT_THAT(message.metadata.raw, HasSubstr(R"("id":"node")"));
    EXPECT_THAT(message.metadata.raw, HasSubstr(R"("parts":["One.","Two."])"));
}

TEST(ReadMessage, TakesLangChainsData) {
    const Message message = read(
        R"({"type":"ai","data":{"content":"","type":"ai","tool_calls":[{"name":"tide","args":{"at":6}}]}})"
    );

    EXPECT_EQ(message.author_type, "ai");
    EXPECT_EQ(message.content, R"([tool call tide] {"at":6})");
    EXPECT_THAT(message.metadata.raw, HasSubstr(R"("tool_calls")"));
}

TEST(ReadMessage, TakesPartsWithoutATypeByWhatTheyHold) {
    const Message message = read(
        R"({"role":"model","parts":[{"text":"Look."},{"inlineData":{"data":"AA"}},
            {"functionResponse":{"n":1}}]})"
    );

    EXPECT_EQ(message.content, "Look.\n\n[inlineData]\n\n[functionResponse] {\"n\":1}");
    EXPECT_EQ(message.author_type, "model");
}

TEST(ReadMessage, TakesCallsAndTheirOutputThatStandAlone) {
    const Message call = read(R"({"type":"function_call","name":"tide","arguments":"{}"})");
    const Message output = read(R"({"type":"function_call_output","output":"low at six"})");

    EXPECT_EQ(call.content, "[tool call tide] {}");
    EXPECT_EQ(call.author_type, "assistant");
    EXPECT_EQ(call.author_name, std::nullopt);
    EXPECT_EQ(output.content, "[function_call_output] low at six");
    EXPECT_EQ(output.author_type, "tool");
}

TEST(ReadMessage, OfATextBesidePartsKeepsWhatTheyDoNotSay) {
    const Message same = read(R"({"text":"Hi.","content":[{"type":"text","text":"Hi."}]})");
    const Message other = read(R"({"text":"Hi!","content":[{"type":"text","text":"Hi."}]})");
    const Message both = read(R"({"content":"Hi.","parts":[{"type":"text","text":"Hi."}]})");

    EXPECT_EQ(same.content, "Hi.");
    EXPECT_THAT(same.metadata.raw, ::testing::Not(HasSubstr(R"("text":"Hi.",)")));
    EXPECT_EQ(other.content, "Hi.");
    EXPECT_THAT(other.metadata.raw, HasSubstr(R"("text":"Hi!")"));
    EXPECT_EQ(both.content, "Hi.");
}

TEST(ReadMessage, KeepsABlankOneAtItsPlace) {
    EXPECT_EQ(read(R"({"role":"user","content":null})").content, "");
    EXPECT_EQ(read(R"({"role":"user","content":"  "})").content, "  ");
}

TEST(ParseConversation, NotesWhatWasUnderstoodInAnotherWay) {
    const Result<SentConversation> sent = parse_conversation(
        R"({"topic":"tea","messages":[{"role":"user","content":"a","ts":1762526400},
            {"sender":"assistant","content":[{"type":"text","text":"b"}],"weight":1},
            {"role":"user","content":"plain","timestamp":"2025-11-07T14:30:45Z"}]})"
    );

    ASSERT_TRUE(sent);
    EXPECT_THAT(
        pointers_of(sent->notes),
        ElementsAre(
            "", "/messages/0/ts", "/messages/1/sender", "/messages/1/content", "/messages/1"
        )
    );
    EXPECT_EQ(sent->notes.total(), 5U);
    EXPECT_THAT(sent->notes.told()[1].note, HasSubstr("2025-11-07T14:40:00.000Z"));
}

TEST(ParseConversation, TellsTwentyNotesAndHowManyThereAre) {
    std::string messages;
    for (int i = 0; i < 30; ++i) messages += R"({"content":"x","ts":1762526400},)";
    messages.pop_back();
    const Result<SentConversation> sent = parse_conversation("{\"messages\":[" + messages + "]}");

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->notes.told().size(), 20U);
    EXPECT_EQ(sent->notes.total(), 30U);
}

TEST(ParseConversation, ReadsTimesWithoutAZoneInTheOneItIsTold) {
    const test::FakeTimeZones zones;
    const ReadingRules rules{*zones.find("Test/East"), {}};
    const Result<SentConversation> sent = parse_conversation(
        R"({"messages":[{"content":"x","timestamp":"2025-11-07 09:00"},
                        {"content":"y","timestamp":"2025-11-07T09:00:00Z"}]})",
        rules
    );

    ASSERT_TRUE(sent);
    const std::vector<Message>& messages = sent->conversation.messages;
    EXPECT_EQ(format_timestamp(*messages[0].timestamp), "2025-11-07T00:00:00.000Z");
    EXPECT_EQ(format_timestamp(*messages[1].timestamp), "2025-11-07T09:00:00.000Z");
}

TEST(ParseConversation, ReadsWhatIsWishedOfTheWrite) {
    const Result<SentConversation> sent = parse_conversation(
        R"({"ifExists":"replace","on_invalid":"refuse","idempotency_key":"k","embedding":[0.5],
            "messages":[{"content":"x"}]})"
    );

    ASSERT_TRUE(sent) << sent.error().pointer;
    EXPECT_EQ(sent->wishes.if_exists, IfExists::replace);
    EXPECT_EQ(sent->wishes.on_invalid, OnInvalid::refuse);
    EXPECT_EQ(sent->wishes.idempotency_key, "k");
    EXPECT_EQ(sent->conversation.header.metadata.raw, R"({"embedding":[0.5]})");
}

TEST(ParseConversation, ReplacesWhatNoTextCanHoldWhereThatIsWished) {
    const std::string messages = R"("messages":[{"content":"a\u0000b\ud800c"},{"content":"d"}]})";
    const std::string wish = R"({"on_invalid":"replace",)" + messages;
    const ReadingRules replaces{.on_invalid = OnInvalid::replace};

    const Result<SentConversation> refused = parse_conversation("{" + messages);
    const Result<SentConversation> in_body = parse_conversation(wish);
    const Result<SentConversation> by_rule = parse_conversation("{" + messages, replaces);

    EXPECT_EQ(pointer_of(refused), "/messages/0/content");
    EXPECT_THAT(refused.error().message, HasSubstr("on_invalid=replace"));
    for (const Result<SentConversation>* sent : {&in_body, &by_rule}) {
        ASSERT_TRUE(*sent);
        EXPECT_EQ((*sent)->conversation.messages[0].content, "a\uFFFDb\uFFFDc");
        ASSERT_EQ((*sent)->notes.told().size(), 1U);
        EXPECT_EQ((*sent)->notes.told()[0].pointer, "/messages/0/content");
        EXPECT_THAT((*sent)->notes.told()[0].note, HasSubstr("2 characters"));
    }
}

TEST(ParseConversation, SkipsAByteOrderMark) {
    EXPECT_TRUE(parse_conversation("\xEF\xBB\xBF{\"messages\":[{\"content\":\"x\"}]}"));
}

TEST(ParseConversation, TellsWhereMessagesMayBe) {
    const Result<SentConversation> sent =
        parse_conversation(R"({"conversations":[{"from":"human","value":"x"}]})");

    EXPECT_EQ(pointer_of(sent), "/messages");
    EXPECT_THAT(sent.error().message, HasSubstr("conversations"));
}

TEST(ParseMessages, TakesWishesAndNothingElse) {
    const Result<SentMessages> sent =
        parse_messages(R"({"idempotency_key":"k","messages":[{"content":"x","ts":1762526400}]})");

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->wishes.idempotency_key, "k");
    EXPECT_EQ(sent->notes.total(), 1U);
    EXPECT_EQ(
        pointer_of(parse_messages(R"({"messages":[{"content":"x"}],"title":"t"})")), "/title"
    );
    EXPECT_EQ(pointer_of(parse_messages(R"({"message":[]})")), "/message");
}

TEST(ParseConversation, RemembersByWhichNamesFieldsWereSent) {
    const Result<SentConversation> sent = parse_conversation(
        R"({"title":"t","messages":[{"content":"x"},{"role":"user","text":"y","id":"m"},
            {"message":{"author":{"name":"Ana"},"content":"z"}}]})"
    );

    ASSERT_TRUE(sent);
    const SentNames& names = sent->names;
    EXPECT_EQ(names.pointer("/scenario_title"), "/title");
    EXPECT_EQ(names.pointer("/url"), "/url");
    EXPECT_EQ(names.pointer("/messages/0/content"), "/messages/0/content");
    EXPECT_EQ(names.pointer("/messages/1/author_type"), "/messages/1/role");
    EXPECT_EQ(names.pointer("/messages/1/content"), "/messages/1/text");
    EXPECT_EQ(names.pointer("/messages/1/external_id"), "/messages/1/id");
    EXPECT_EQ(names.pointer("/messages/2/author_name"), "/messages/2/message/author");
    EXPECT_EQ(names.pointer("/messages"), "/messages");
    EXPECT_EQ(names.pointer(""), "");
}

TEST(Agreed, RefusesTwoThatDiffer) {
    const std::optional<IfExists> extend = IfExists::extend;
    const std::optional<IfExists> none;

    EXPECT_EQ(*agreed(extend, none, "/if_exists"), extend);
    EXPECT_EQ(*agreed(none, extend, "/if_exists"), extend);
    EXPECT_EQ(*agreed(extend, extend, "/if_exists"), extend);
    EXPECT_EQ(pointer_of(agreed(extend, {IfExists::replace}, "/if_exists")), "/if_exists");
}

}  // namespace
}  // namespace rag::wire
