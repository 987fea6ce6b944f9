#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "world.hpp"

namespace rag::test {
namespace {

using testing::SizeIs;

Result<std::vector<LegacyResult>> find(World& world, SearchRequest request) {
    return await(world.use_cases.legacy_search.run(std::move(request), request_context()));
}

TEST(LegacySearch, FindsTheNearestFirstByL2Distance) {
    World world;
    world.talk({"the backups moved to another bucket", "lunch at noon", "backups"});

    const auto found = find(world, {.query = "ana: backups", .top_k = 3});

    ASSERT_TRUE(found) << found.error().message;
    ASSERT_THAT(*found, SizeIs(3));
    EXPECT_EQ((*found)[0].chunk.stored.chunk.text, "ana: backups");
    EXPECT_NEAR((*found)[0].distance, 0, 1e-3);
    EXPECT_LE((*found)[0].distance, (*found)[1].distance);
    EXPECT_LE((*found)[1].distance, (*found)[2].distance);
    EXPECT_LE((*found)[2].distance, 2);
    EXPECT_EQ(world.telemetry.count("search_requests_total dense success"), 1);
}

TEST(LegacySearch, SearchesByVectorAlone) {
    World world;
    world.talk({"the backups moved"});

    (void)find(world, {.query = "backups", .top_k = 3});

    const ChunkQuery query = world.repository.last_query();
    EXPECT_TRUE(query.terms.empty());
    EXPECT_TRUE(query.pieces.ids.empty());
    EXPECT_EQ(query.mode, SearchMode::dense);
}

TEST(LegacySearch, AnswersTopKAndHeedsTheFilterAndTheLeastScore) {
    World world;
    world.talk({"alpha", "beta", "gamma", "delta"});
    Filter of_ben;
    of_ben.author_name = "ben";

    const auto one = find(world, {.query = "alpha", .top_k = 1});
    const auto filtered = find(world, {.query = "alpha", .top_k = 10, .filter = of_ben});
    const auto near = find(world, {.query = "ana: alpha", .top_k = 10, .min_score = 0.99});

    EXPECT_THAT(*one, SizeIs(1));
    EXPECT_THAT(*filtered, SizeIs(2));
    ASSERT_THAT(*near, SizeIs(1));
    EXPECT_EQ((*near)[0].chunk.stored.chunk.text, "ana: alpha");
}

TEST(LegacySearch, GoesOnWithTheNextWhereARowIsDeletedMeanwhile) {
    World world;
    const ConversationId nearest = world.talk({"alpha"});
    world.talk({"beta"});
    world.talk({"gamma"});
    const auto all = find(world, {.query = "ana: alpha", .top_k = 3});
    ASSERT_THAT(*all, SizeIs(3));
    ASSERT_EQ((*all)[0].chunk.stored.conversation_id, nearest);
    world.repository.before("load", [&world, nearest] {
        (void)await(world.use_cases.remove.run(nearest, write_context(), request_context()));
    });

    const auto found = find(world, {.query = "ana: alpha", .top_k = 2});

    ASSERT_THAT(*found, SizeIs(2));
    EXPECT_EQ((*found)[0].chunk.stored.id, (*all)[1].chunk.stored.id);
    EXPECT_EQ((*found)[1].chunk.stored.id, (*all)[2].chunk.stored.id);
}

TEST(LegacySearch, FailsWithoutTheProvider) {
    World world;
    world.embeddings.fail_with(ErrorCode::unavailable);

    const auto found = find(world, {.query = "backups"});

    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::unavailable);
    EXPECT_EQ(world.telemetry.count("search_requests_total dense error"), 1);
}

TEST(LegacySearch, RefusesWhatNoSearchTakesAndPassesOnFailures) {
    World world;
    world.talk({"alpha"});

    const auto empty = find(world, {.query = " "});
    world.repository.fail_with("load", ErrorCode::timeout);
    const auto slow = find(world, {.query = "alpha"});
    world.repository.fail_with("candidates", ErrorCode::corrupt);
    const auto broken = find(world, {.query = "alpha"});

    EXPECT_EQ(empty.error().pointer, "/query");
    EXPECT_EQ(slow.error().code, ErrorCode::timeout);
    EXPECT_EQ(broken.error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace rag::test
