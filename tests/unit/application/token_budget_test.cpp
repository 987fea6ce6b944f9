#include "token_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_text.hpp"

namespace rag::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

StoredMessage stored(std::int64_t index, std::string content) {
    Message message;
    message.content = std::move(content);
    return {index, std::move(message)};
}

/// A row of one message, number 5 of its conversation.
SearchResult row(std::string text, std::vector<StoredMessage> context = {}) {
    SearchResult result;
    result.chunk.tokens = static_cast<std::uint32_t>(FakeTokenCounter().count(text));
    result.chunk.stored.chunk.text = std::move(text);
    result.chunk.stored.chunk.message_start = 5;
    result.chunk.stored.chunk.message_end = 5;
    result.chunk.context = std::move(context);
    return result;
}

std::vector<std::int64_t> context_of(const SearchResult& result) {
    std::vector<std::int64_t> indices;
    for (const StoredMessage& message : result.chunk.context) indices.push_back(message.index);
    return indices;
}

TEST(TokenBudget, LeavesWhatFitsAsItIs) {
    std::vector<SearchResult> results{row("one two", {stored(4, "three")}), row("four")};

    EXPECT_FALSE(fit_to_budget(results, 4, FakeTokenCounter()));

    ASSERT_THAT(results, SizeIs(2));
    EXPECT_THAT(context_of(results[0]), ElementsAre(4));
}

TEST(TokenBudget, DropsContextBeforeRows) {
    std::vector<SearchResult> results{
        row("one two", {stored(4, "three")}), row("four", {stored(4, "five")})};

    EXPECT_TRUE(fit_to_budget(results, 3, FakeTokenCounter()));

    ASSERT_THAT(results, SizeIs(2));
    EXPECT_THAT(results[0].chunk.context, IsEmpty());
    EXPECT_THAT(results[1].chunk.context, IsEmpty());
}

TEST(TokenBudget, DropsTheFarthestContextOfTheLastRowFirst) {
    std::vector<SearchResult> results{
        row("a b", {stored(3, "c"), stored(4, "d"), stored(6, "e"), stored(7, "f")}),
        row("g", {stored(4, "h")})};

    EXPECT_TRUE(fit_to_budget(results, 6, FakeTokenCounter()));

    EXPECT_THAT(context_of(results[0]), ElementsAre(3, 4, 6));
    EXPECT_THAT(context_of(results[1]), IsEmpty());
}

TEST(TokenBudget, DropsWholeRowsFromTheEnd) {
    std::vector<SearchResult> results{row("one two"), row("three four"), row("five")};

    EXPECT_TRUE(fit_to_budget(results, 3, FakeTokenCounter()));

    ASSERT_THAT(results, SizeIs(1));
    EXPECT_EQ(results[0].chunk.stored.chunk.text, "one two");
    EXPECT_FALSE(results[0].text_truncated);
}

TEST(TokenBudget, KeepsNoContextWhereRowsHadToGo) {
    std::vector<SearchResult> results{row("one", {stored(4, "two")}), row("three four five")};

    EXPECT_TRUE(fit_to_budget(results, 2, FakeTokenCounter()));

    ASSERT_THAT(results, SizeIs(1));
    EXPECT_THAT(results[0].chunk.context, IsEmpty());
}

TEST(TokenBudget, CutsASingleRowThatIsOverAfterAWord) {
    std::vector<SearchResult> results{
        row("ana: one two three", {stored(4, "before")}), row("four")};

    EXPECT_TRUE(fit_to_budget(results, 3, FakeTokenCounter()));

    ASSERT_THAT(results, SizeIs(1));
    EXPECT_EQ(results[0].chunk.stored.chunk.text, "ana: one two");
    EXPECT_TRUE(results[0].text_truncated);
    EXPECT_THAT(results[0].chunk.context, IsEmpty());
}

/// Each byte of text is a token, so that a word can be over by itself.
class ByteCounter final : public TokenCounter {
public:
    std::size_t count(std::string_view text) const override { return text.size(); }
    std::size_t max_tokens() const override { return 256; }
    std::size_t special_tokens() const override { return 2; }
};

TEST(TokenBudget, CutsAWordThatIsOverByItselfBetweenCharacters) {
    std::vector<SearchResult> results{row("\u00e4\u00e4\u00e4\u00e4")};
    results[0].chunk.tokens = 8;

    EXPECT_TRUE(fit_to_budget(results, 5, ByteCounter()));

    EXPECT_EQ(results[0].chunk.stored.chunk.text, "\u00e4\u00e4");
}

TEST(TokenBudget, LeavesNoTextRatherThanHalfACharacter) {
    std::vector<SearchResult> results{row("\u00e4\u00e4")};
    results[0].chunk.tokens = 4;

    EXPECT_TRUE(fit_to_budget(results, 1, ByteCounter()));

    EXPECT_EQ(results[0].chunk.stored.chunk.text, "");
}

TEST(TokenBudget, HasNothingToDoWithoutResults) {
    std::vector<SearchResult> results;

    EXPECT_FALSE(fit_to_budget(results, 1, FakeTokenCounter()));
}

}  // namespace
}  // namespace rag::test
