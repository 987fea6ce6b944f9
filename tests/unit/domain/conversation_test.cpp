#include "domain/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rag {
namespace {

constexpr ConversationLimits kLimits{
    .messages_max = 3, .message_bytes_max = 20, .name_characters_max = 5, .url_characters_max = 10};

Message says(std::string content) {
    Message message;
    message.content = std::move(content);
    return message;
}

Conversation conversation_of(std::vector<Message> messages) {
    Conversation conversation;
    conversation.messages = std::move(messages);
    return conversation;
}

std::string pointer_of(const Result<void>& result) {
    if (result) return "valid";
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(result.error().message.empty());
    return result.error().pointer;
}

TEST(AuthorClass, TreatsNamesOfOneRoleAlike) {
    EXPECT_EQ(author_class("user"), author_class("human"));
    EXPECT_EQ(author_class("assistant"), author_class("ai"));
    EXPECT_EQ(author_class("assistant"), author_class("bot"));
    EXPECT_EQ(author_class("system"), author_class("developer"));
    EXPECT_EQ(author_class("tool"), author_class("function"));
    EXPECT_NE(author_class("user"), author_class("assistant"));
    EXPECT_EQ(author_class("User"), author_class("user"));
    EXPECT_EQ(author_class(""), std::nullopt);
}

TEST(Validate, AcceptsAConversationWithinEveryLimit) {
    Message message = says("hello");
    message.author_name = "Zoë Q";
    message.author_type = "ai";
    Conversation conversation = conversation_of({message, says("again")});
    conversation.header.url = "http://a.b";

    EXPECT_EQ(pointer_of(validate(conversation, kLimits)), "valid");
}

TEST(Validate, WantsAtLeastOneMessageAndNotTooMany) {
    EXPECT_EQ(pointer_of(validate(conversation_of({}), kLimits)), "/messages");
    EXPECT_EQ(pointer_of(validate(std::vector<Message>(4, says("a")), kLimits)), "/messages");
}

TEST(Validate, WantsOneMessageThatIsNotBlank) {
    for (const std::string_view blank : {"", "  \t\n", "\u00A0\u3000", "\u200B\u200D", "\uFEFF"}) {
        const std::vector<Message> messages{says("a"), says(std::string(blank))};
        EXPECT_EQ(pointer_of(validate(messages, kLimits)), "valid");
        EXPECT_EQ(pointer_of(validate({messages[1]}, kLimits)), "/messages");
    }
    for (const std::string_view written : {".", "0", "\u00E9", "\U0001F600", "a ", "\u4E2D"}) {
        EXPECT_EQ(pointer_of(validate({says(std::string(written))}, kLimits)), "valid") << written;
    }
}

TEST(Validate, CountsMessagesInBytesAndNamesInCharacters) {
    EXPECT_EQ(pointer_of(validate({says(std::string(20, 'a'))}, kLimits)), "valid");
    EXPECT_EQ(pointer_of(validate({says(std::string(21, 'a'))}, kLimits)), "/messages/0/content");

    Message message = says("a");
    message.author_name = "\u00E9\u00E9\u00E9\u00E9\u00E9";
    EXPECT_EQ(pointer_of(validate({message}, kLimits)), "valid");
    message.author_name = "abcdef";
    EXPECT_EQ(pointer_of(validate({message}, kLimits)), "/messages/0/author_name");
}

TEST(Validate, NamesEveryOtherFieldThatIsWrong) {
    Message message = says("a");
    message.author_type = std::string(65, 'r');
    EXPECT_EQ(pointer_of(validate({message}, kLimits)), "/messages/0/author_type");
    message.author_type.reset();
    message.external_id = "abcdef";
    EXPECT_EQ(pointer_of(validate({message}, kLimits)), "/messages/0/external_id");

    Conversation conversation = conversation_of({says("a")});
    conversation.header.scenario_title = "abcdef";
    EXPECT_EQ(pointer_of(validate(conversation, kLimits)), "/scenario_title");
    conversation.header = {};
    conversation.header.original_title = "abcdef";
    EXPECT_EQ(pointer_of(validate(conversation, kLimits)), "/original_title");
    conversation.header = {};
    conversation.header.url = "http://a.bc";
    EXPECT_EQ(pointer_of(validate(conversation, kLimits)), "/url");
    conversation.header = {};
    conversation.header.external_id = "abcdef";
    EXPECT_EQ(pointer_of(validate(conversation, kLimits)), "/external_id");
}

TEST(CountCharacters, CountsCodePoints) {
    EXPECT_EQ(count_characters(""), 0U);
    EXPECT_EQ(count_characters("abc"), 3U);
    EXPECT_EQ(count_characters("\u00E9\u4E2D\U0001F600"), 3U);
}

TEST(CanonicalBytes, DifferWheneverAFieldDoes) {
    Message message = says("hello");
    message.author_name = "ana";
    message.author_type = "user";
    message.timestamp = Timestamp{1};
    message.external_id = "1";
    message.metadata.canonical = "{}";
    std::vector<std::string> seen{canonical_bytes(message)};
    const auto expect_new = [&](Message changed) {
        const std::string bytes = canonical_bytes(changed);
        EXPECT_THAT(seen, testing::Not(testing::Contains(bytes)));
        seen.push_back(bytes);
    };

    for (const auto change : std::initializer_list<void (*)(Message&)>{
             [](Message& m) { m.content = "hello "; },
             [](Message& m) { m.author_name.reset(); },
             [](Message& m) { m.author_name = ""; },
             [](Message& m) { m.author_type = "human"; },
             [](Message& m) { m.timestamp = Timestamp{2}; },
             [](Message& m) { m.timestamp.reset(); },
             [](Message& m) { m.external_id = "2"; },
             [](Message& m) { m.metadata.canonical = ""; }}) {
        Message changed = message;
        change(changed);
        expect_new(changed);
    }
}

TEST(CanonicalBytes, DoNotRunFieldsTogether) {
    ConversationHeader one;
    one.scenario_title = "ab";
    one.original_title = "c";
    ConversationHeader other;
    other.scenario_title = "a";
    other.original_title = "bc";

    EXPECT_NE(canonical_bytes(one), canonical_bytes(other));
    EXPECT_NE(canonical_bytes(ConversationHeader{}), canonical_bytes(Message{}));
}

TEST(CanonicalBytes, OfMetadataDoNotDependOnHowItWasWritten) {
    ConversationHeader one;
    one.metadata = {"{ \"a\" : 1 }", "{\"a\":1}"};
    ConversationHeader other;
    other.metadata = {"{\"a\":1}", "{\"a\":1}"};

    EXPECT_EQ(canonical_bytes(one), canonical_bytes(other));
}

}  // namespace
}  // namespace rag
