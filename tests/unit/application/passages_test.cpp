#include "application/passages.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rag {
namespace {

SearchResult hit(std::int64_t conversation, int start, int end, std::string text = "") {
    SearchResult result;
    result.chunk.stored.conversation_id = ConversationId{conversation};
    result.chunk.stored.chunk.message_start = start;
    result.chunk.stored.chunk.message_end = end;
    result.chunk.stored.chunk.text = std::move(text);
    return result;
}

std::vector<StoredMessage> messages(std::int64_t from, std::vector<std::string> texts) {
    std::vector<StoredMessage> all;
    for (std::string& text : texts) {
        StoredMessage& stored = all.emplace_back();
        stored.index = from++;
        stored.message.content = std::move(text);
    }
    return all;
}

/// A token for each byte of text.
PassageCost by_bytes() {
    return {
        [](const Passage&) { return std::size_t{0}; },
        [](const PassageMessage& message) { return message.text.size(); },
        [](const std::string& text) { return text.size(); }};
}

std::string texts_of(const Passage& passage) {
    std::string text;
    for (const PassageMessage& message : passage.messages) {
        text += message.hit ? "*" + message.text : message.text;
    }
    return text;
}

TEST(PassageSpans, AreOneWhereTheyTouch) {
    const std::vector<SearchResult> hits{hit(1, 9, 9), hit(2, 0, 0), hit(1, 4, 5), hit(1, 20, 20)};

    const std::vector<PassageSpan> apart = passage_spans(hits, 1);
    const std::vector<PassageSpan> touching = passage_spans(hits, 2);

    ASSERT_EQ(apart.size(), 4u);
    EXPECT_EQ(apart[1].from, 0);
    EXPECT_EQ(apart[1].to, 1);
    ASSERT_EQ(touching.size(), 3u);
    EXPECT_EQ(touching[0].hits, (std::vector<std::size_t>{0, 2}));
    EXPECT_EQ(touching[0].from, 2);
    EXPECT_EQ(touching[0].to, 11);
    EXPECT_EQ(touching[1].hits, (std::vector<std::size_t>{1}));
}

TEST(PassageSpans, AreJoinedByOneThatCameBetween) {
    const std::vector<SearchResult> hits{hit(1, 0, 0), hit(1, 4, 4), hit(1, 2, 2)};

    const std::vector<PassageSpan> spans = passage_spans(hits, 1);

    ASSERT_EQ(spans.size(), 1u);
    EXPECT_EQ(spans[0].from, 0);
    EXPECT_EQ(spans[0].to, 5);
}

TEST(FitPassages, DropsTheFarthestContextFirst) {
    const std::vector<SearchResult> hits{hit(1, 2, 2)};
    const PassageSpan span = passage_spans(hits, 2)[0];
    std::vector<Passage> passages{make_passage(span, hits, messages(0, {"aa", "bb", "cc", "dd"}))};

    EXPECT_FALSE(fit_passages(passages, 8, by_bytes()));
    EXPECT_EQ(texts_of(passages[0]), "aabb*ccdd");
    EXPECT_TRUE(fit_passages(passages, 6, by_bytes()));
    EXPECT_EQ(texts_of(passages[0]), "bb*ccdd");
    EXPECT_TRUE(fit_passages(passages, 2, by_bytes()));
    EXPECT_EQ(texts_of(passages[0]), "*cc");
}

TEST(FitPassages, DropsPassagesFromTheEndAndAllContextBeforeThem) {
    const std::vector<SearchResult> hits{hit(1, 1, 1), hit(2, 0, 0)};
    const std::vector<PassageSpan> spans = passage_spans(hits, 1);
    std::vector<Passage> passages{
        make_passage(spans[0], hits, messages(0, {"aa", "bb", "cc"})),
        make_passage(spans[1], hits, messages(0, {"dddddd"}))};

    EXPECT_TRUE(fit_passages(passages, 7, by_bytes()));

    ASSERT_EQ(passages.size(), 1u);
    EXPECT_EQ(texts_of(passages[0]), "*bb");
}

TEST(FitPassages, KeepsThePartOfALongMessageThatWasFound) {
    const std::vector<SearchResult> hits{hit(1, 0, 0, "needle in it")};
    const std::vector<PassageSpan> spans = passage_spans(hits, 0);
    const std::string content = std::string(500, 'x') + " needle in it " + std::string(500, 'y');
    std::vector<Passage> passages{make_passage(spans[0], hits, messages(0, {content}))};

    EXPECT_TRUE(fit_passages(passages, 20, by_bytes()));
    EXPECT_EQ(passages[0].messages[0].text, "needle in it");
    EXPECT_TRUE(passages[0].messages[0].text_truncated);
    EXPECT_TRUE(fit_passages(passages, 9, by_bytes()));
    EXPECT_EQ(passages[0].messages[0].text, "needle in");
}

}  // namespace
}  // namespace rag
