#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "world.hpp"

namespace rag::test {
namespace {

using testing::ElementsAreArray;
using testing::IsEmpty;
using testing::SizeIs;

/// Conversations of ten chunks that speak of backups, each with words of its own.
void add_many(World& world, int conversations) {
    for (int number = 0; number < conversations; ++number) {
        std::vector<std::string> contents;
        for (int line = 0; line < 10; ++line) {
            const std::string word = "w" + std::to_string(number * 10 + line);
            contents.push_back(line % 3 == 0 ? "backups " + word : "words " + word + " more");
        }
        world.talk(contents);
    }
}

struct Walk {
    std::vector<std::int64_t> ids;
    std::vector<double> scores;
    int pages = 0;
};

/// Follows the cursor to the end, or until `most` results.
Walk walk(World& world, SearchRequest request, std::size_t most) {
    Walk found;
    while (found.ids.size() < most) {
        const Result<SearchResponse> page = world.find(request);
        if (!page) {
            ADD_FAILURE() << page.error().message;
            break;
        }
        ++found.pages;
        for (const SearchResult& result : page->results) {
            found.ids.push_back(result.chunk.stored.id.value);
            found.scores.push_back(result.score);
        }
        if (!page->next_cursor) break;
        request.cursor = page->next_cursor;
    }
    return found;
}

TEST(SearchPaging, ReachesAThousandResultsEachOnceInOrderOfScore) {
    World world;
    add_many(world, 120);

    const Walk found = walk(world, {.query = "backups", .top_k = 100}, 1'000);

    EXPECT_GE(found.ids.size(), 1'000u);
    EXPECT_EQ(std::set(found.ids.begin(), found.ids.end()).size(), found.ids.size());
    EXPECT_TRUE(std::ranges::is_sorted(found.scores, std::greater()));
}

TEST(SearchPaging, GivesTheSameOrderWhateverThePageSize) {
    World world;
    add_many(world, 40);

    const Walk small = walk(world, {.query = "backups w17", .top_k = 7}, 300);
    const Walk large = walk(world, {.query = "backups w17", .top_k = 100}, 300);

    ASSERT_GE(small.ids.size(), 300u);
    ASSERT_GE(large.ids.size(), 300u);
    EXPECT_THAT(
        std::vector(small.ids.begin(), small.ids.begin() + 300),
        ElementsAreArray(large.ids.begin(), large.ids.begin() + 300)
    );
    EXPECT_THAT(
        std::vector(small.scores.begin(), small.scores.begin() + 300),
        ElementsAreArray(large.scores.begin(), large.scores.begin() + 300)
    );
}

TEST(SearchPaging, EndsWithoutACursorWhenAllIsShown) {
    World world;
    world.talk({"backups one", "backups two", "backups three"});

    const Walk found = walk(world, {.query = "backups", .top_k = 2}, 100);

    EXPECT_THAT(found.ids, SizeIs(3));
    EXPECT_EQ(found.pages, 2);
}

TEST(SearchPaging, AsksForTheTailOnlyWhereAPageMayReachIt) {
    World world;
    add_many(world, 40);
    SearchRequest request{.query = "backups", .top_k = 100};

    const Result<SearchResponse> first = world.find(request);
    EXPECT_EQ(world.repository.last_query().tail_size, 0u);
    const std::size_t jobs = world.work_pool.jobs();
    request.cursor = first->next_cursor;
    (void)world.find(request);

    EXPECT_EQ(world.repository.last_query().tail_size, limits::kTailSize);
    EXPECT_EQ(world.repository.last_query().pool_size, limits::kPoolSize);
    EXPECT_EQ(world.work_pool.jobs(), jobs + 1);  // A long ranking is not done on the io thread.
}

TEST(SearchPaging, FailsWhereALongRankingFindsThePoolFull) {
    World world;
    add_many(world, 40);
    SearchRequest request{.query = "backups", .top_k = 100};
    request.cursor = world.find(request)->next_cursor;
    world.work_pool.refuse_with(ErrorCode::overloaded);

    const Result<SearchResponse> second = world.find(request);

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::overloaded);
}

TEST(SearchPaging, RefusesTheCursorOfOtherParameters) {
    World world;
    add_many(world, 2);
    SearchRequest request{.query = "backups", .top_k = 2};
    request.cursor = world.find(request)->next_cursor;
    ASSERT_TRUE(request.cursor);
    const auto refused = [&world](const SearchRequest& other) {
        const Result<SearchResponse> response = world.find(other);
        return !response && response.error().pointer == "/cursor";
    };

    const auto changes = std::to_array<void (*)(SearchRequest&)>({
        [](SearchRequest& other) { other.query = "backup"; },
        [](SearchRequest& other) { other.top_k = 3; },
        [](SearchRequest& other) { other.filter.author_name = "ana"; },
        [](SearchRequest& other) { other.min_score = 0; },
        [](SearchRequest& other) { other.mode = SearchMode::lexical; },
        [](SearchRequest& other) { other.context = 1; },
        [](SearchRequest& other) { other.max_tokens = 100; },
        [](SearchRequest& other) { other.explain = true; },
    });
    EXPECT_TRUE(world.find(request));
    for (std::size_t change = 0; change < changes.size(); ++change) {
        SearchRequest other = request;
        changes[change](other);
        EXPECT_TRUE(refused(other)) << change;
    }
}

TEST(SearchPaging, GoesOnWithTheNextWhereARowIsDeletedBetweenRankingAndLoading) {
    World world;
    for (const char* text : {"backups one", "backups two", "backups three", "backups four"}) {
        world.talk({text});
    }
    SearchRequest request{.query = "backups", .top_k = 2};
    const Result<SearchResponse> all = world.find({.query = "backups", .top_k = 4});
    ASSERT_THAT(all->results, SizeIs(4));
    const ConversationId best = all->results[0].chunk.stored.conversation_id;
    world.repository.before("load", [&world, best] {
        (void)await(world.use_cases.remove.run(best, write_context(), request_context()));
    });

    const Result<SearchResponse> page = world.find(request);

    ASSERT_TRUE(page);
    ASSERT_THAT(page->results, SizeIs(2));
    for (const std::size_t place : {0u, 1u}) {
        EXPECT_EQ(page->results[place].chunk.stored.id, all->results[place + 1].chunk.stored.id);
        EXPECT_EQ(page->results[place].score, all->results[place + 1].score);
    }
    EXPECT_FALSE(page->truncated);
    EXPECT_TRUE(page->next_cursor);  // The fourth is still to come.
}

TEST(SearchPaging, EndsWhereAllThatIsLeftWasDeletedMeanwhile) {
    World world;
    const ConversationId kept = world.talk({"backups and more backups"});
    std::vector<ConversationId> deleted;
    for (const char* text : {"backups one", "backups two", "backups three"}) {
        deleted.push_back(world.talk({text}));
    }
    world.repository.before("load", [&world, deleted] {
        for (const ConversationId id : deleted) {
            (void)await(world.use_cases.remove.run(id, write_context(), request_context()));
        }
    });

    const Result<SearchResponse> page = world.find({.query = "backups", .top_k = 2});

    ASSERT_TRUE(page);
    ASSERT_THAT(page->results, SizeIs(1));
    EXPECT_EQ(page->results[0].chunk.stored.conversation_id, kept);
    EXPECT_EQ(page->next_cursor, std::nullopt);
}

TEST(SearchPaging, GoesOnAfterTheRowsThatFittedTheTokens) {
    World world;
    world.talk({"backups one", "backups two", "backups three", "backups four"});

    // A row has three tokens: two rows fit.
    const Walk found = walk(world, {.query = "backups", .top_k = 3, .max_tokens = 7}, 100);

    EXPECT_THAT(found.ids, SizeIs(4));
    EXPECT_EQ(std::set(found.ids.begin(), found.ids.end()).size(), 4u);
    EXPECT_EQ(found.pages, 2);
}

TEST(SearchPaging, SaysWhatMaxTokensLeftOut) {
    World world;
    world.talk({"backups one", "backups two"});

    const Result<SearchResponse> tight =
        world.find({.query = "backups", .context = 1, .max_tokens = 6});
    const Result<SearchResponse> loose =
        world.find({.query = "backups", .context = 1, .max_tokens = 100});
    const Result<SearchResponse> least = world.find({.query = "backups", .max_tokens = 1});

    EXPECT_TRUE(tight->truncated);
    EXPECT_THAT(tight->results, SizeIs(2));
    EXPECT_THAT(tight->results[0].chunk.context, IsEmpty());
    EXPECT_FALSE(loose->truncated);
    ASSERT_THAT(least->results, SizeIs(1));
    EXPECT_TRUE(least->results[0].text_truncated);
    EXPECT_TRUE(least->next_cursor);
}

TEST(SearchPaging, FailsWhereTheTokensCannotBeCounted) {
    World world;
    world.talk({"backups one"});
    world.work_pool.refuse_with(ErrorCode::overloaded);

    const Result<SearchResponse> response = world.find({.query = "backups", .max_tokens = 5});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::overloaded);
}

TEST(SearchPaging, AnswersNothingBeyondTheLastResult) {
    World world;
    world.talk({"backups one", "backups two"});
    SearchRequest request{.query = "backups", .top_k = 1};
    request.cursor = world.find(request)->next_cursor;
    (void)await(world.use_cases.remove.run(ConversationId{1}, write_context(), request_context()));

    const Result<SearchResponse> beyond = world.find(request);

    ASSERT_TRUE(beyond);
    EXPECT_THAT(beyond->results, IsEmpty());
    EXPECT_EQ(beyond->next_cursor, std::nullopt);
}

}  // namespace
}  // namespace rag::test
