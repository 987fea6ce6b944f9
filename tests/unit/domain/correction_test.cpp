#include "domain/correction.hpp"

#include <gtest/gtest.h>

namespace rag {
namespace {

ConversationHeader header(std::string title) {
    ConversationHeader made;
    made.scenario_title = std::move(title);
    made.url = "https://example.com";
    made.metadata = {"{\"a\": 1}", "{\"a\":1}"};
    return made;
}

TEST(SaidAgain, TakesOverWhatWasSentAndKeepsWhatIsAbsent) {
    ConversationHeader sent;
    sent.scenario_title = "new";

    const CorrectedHeader made = said_again(header("old"), {}, sent);

    EXPECT_TRUE(made.changed);
    EXPECT_EQ(made.header.scenario_title, "new");
    EXPECT_EQ(made.header.url, "https://example.com");
    EXPECT_EQ(made.header.metadata.raw, "{\"a\": 1}");
}

TEST(SaidAgain, ChangesNothingWhereTheSameIsSaid) {
    ConversationHeader sent = header("old");
    sent.metadata.raw = "{ \"a\":1 }";  // Another spelling of the same.

    const CorrectedHeader made = said_again(header("old"), {}, sent);

    EXPECT_FALSE(made.changed);
    EXPECT_EQ(made.header.metadata.raw, "{\"a\": 1}");
}

TEST(Correction, StaysUntilTheSenderSaysSomethingNew) {
    HeaderPatch patch;
    patch.scenario_title.emplace("by hand");
    const CorrectedHeader once = corrected(header("sent"), {}, patch);
    patch.scenario_title.emplace("by hand again");
    const CorrectedHeader twice = corrected(once.header, once.corrections, patch);

    const CorrectedHeader same = said_again(twice.header, twice.corrections, header("sent"));
    const CorrectedHeader other = said_again(twice.header, twice.corrections, header("sent 2"));
    const CorrectedHeader back = said_again(other.header, other.corrections, header("sent"));

    EXPECT_EQ(same.header.scenario_title, "by hand again");
    EXPECT_FALSE(same.changed);
    EXPECT_EQ(other.header.scenario_title, "sent 2");
    EXPECT_TRUE(other.corrections.empty());
    EXPECT_EQ(back.header.scenario_title, "sent");
}

TEST(Correction, ClearsAndReplacesMetadataAsAWhole) {
    HeaderPatch patch;
    patch.url.emplace(std::nullopt);
    patch.metadata = Metadata{"{\"b\":2}", "{\"b\":2}"};
    const CorrectedHeader made = corrected(header("t"), {}, patch);

    ConversationHeader sent;
    sent.url = "https://example.com";
    sent.metadata = {"{\"a\":1}", "{\"a\":1}"};
    const CorrectedHeader again = said_again(made.header, made.corrections, sent);

    EXPECT_EQ(made.header.url, std::nullopt);
    EXPECT_EQ(made.header.metadata.raw, "{\"b\":2}");
    EXPECT_EQ(again.header.url, std::nullopt);
    EXPECT_EQ(again.header.metadata.raw, "{\"b\":2}");
    EXPECT_FALSE(again.changed);
}

TEST(Correction, ThatCorrectsNothingIsNone) {
    HeaderPatch patch;
    patch.scenario_title.emplace("t");
    EXPECT_FALSE(corrected(header("t"), {}, patch).changed);
}

TEST(SameMessage, IsKnownByAuthorTypeContentAndItsOwnId) {
    Message one;
    one.author_name = "ana";
    one.author_type = "user";
    one.content = "x";
    one.external_id = "m";
    Message other = one;
    other.external_id.reset();
    other.timestamp = Timestamp{5};
    EXPECT_TRUE(is_same_message(one, other));
    other.external_id = "n";
    EXPECT_FALSE(is_same_message(one, other));
    other = one;
    other.author_type = "assistant";
    EXPECT_FALSE(is_same_message(one, other));
    other = one;
    other.content = "y";
    EXPECT_FALSE(is_same_message(one, other));
}

TEST(SameMessage, SaidAgainGivesItsTimeAndMetadataAnew) {
    Message stored;
    stored.content = "x";
    stored.timestamp = Timestamp{5};
    Message sent = stored;
    EXPECT_FALSE(said_again(stored, sent));
    sent.timestamp.reset();
    EXPECT_FALSE(said_again(stored, sent));
    sent.timestamp = Timestamp{6};
    sent.metadata = {"{}", "{}"};
    sent.external_id = "m";
    const std::optional<Message> made = said_again(stored, sent);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->timestamp, Timestamp{6});
    EXPECT_EQ(made->metadata.raw, "{}");
    EXPECT_EQ(made->external_id, "m");
}

}  // namespace
}  // namespace rag
