#include "application/search_conversations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "world.hpp"

namespace rag::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;

TEST(SearchConversations, FindsByWordsAndByMeaningTheBestFirst) {
    World world;
    world.talk({"lunch at noon", "the backups moved to the new bucket", "see you"});

    const Result<SearchResponse> response = world.find({.query = "where are the backups"});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->query, "where are the backups");
    EXPECT_FALSE(response->degraded);
    EXPECT_FALSE(response->truncated);
    ASSERT_THAT(response->results, SizeIs(3));
    EXPECT_EQ(texts(*response)[0], "ben: the backups moved to the new bucket");
    EXPECT_GE(response->results[0].score, response->results[1].score);
    for (const SearchResult& result : response->results) {
        EXPECT_GE(result.score, 0);
        EXPECT_LE(result.score, 1);
    }
    EXPECT_GT(response->execution_time_ms, 0);
    EXPECT_EQ(world.telemetry.count("search_requests_total hybrid success"), 1);
}

TEST(SearchConversations, PutsWhatMayBeAnAnswerInOrderOfTime) {
    World world;
    world.talk_at({{"the pump hums", 1'000}, {"lunch", 2'000}, {"the pump hums again", 3'000}});

    const Result<SearchResponse> newest =
        world.find({.query = "pump hums", .order = SearchOrder::newest});
    const Result<SearchResponse> oldest =
        world.find({.query = "pump hums", .order = SearchOrder::oldest});

    ASSERT_TRUE(newest && oldest);
    EXPECT_THAT(texts(*newest), ElementsAre("ana: the pump hums again", "ana: the pump hums"));
    EXPECT_THAT(texts(*oldest), ElementsAre("ana: the pump hums", "ana: the pump hums again"));
}

TEST(SearchConversations, WithoutAQuestionListsWhatPassesTheFilter) {
    World world;
    world.talk_at({{"one", 1'000}, {"two", 2'000}, {"three", 3'000}});

    const Result<SearchResponse> newest = world.find({.order = SearchOrder::newest});
    const Result<SearchResponse> star = world.find({.query = "*", .order = SearchOrder::oldest});
    SearchRequest filtered;
    filtered.filter.date_to = Timestamp{2'000};
    const Result<SearchResponse> early = world.find(filtered);

    ASSERT_TRUE(newest && star && early);
    EXPECT_THAT(texts(*newest), ElementsAre("ana: three", "ben: two", "ana: one"));
    EXPECT_EQ(newest->results[0].score, 1);
    EXPECT_THAT(texts(*star), ElementsAre("ana: one", "ben: two", "ana: three"));
    EXPECT_THAT(texts(*early), ElementsAre("ben: two", "ana: one"));
    EXPECT_EQ(world.embeddings.queries(), 0U);
}

TEST(SearchConversations, GoesThroughAListPageByPage) {
    World world;
    world.talk_at({{"one", 1'000}, {"two", 2'000}, {"three", 3'000}});
    SearchRequest request{.top_k = 2, .order = SearchOrder::newest};

    const Result<SearchResponse> first = world.find(request);
    ASSERT_TRUE(first && first->next_cursor);
    request.cursor = first->next_cursor;
    const Result<SearchResponse> second = world.find(request);
    request.order = SearchOrder::oldest;
    const Result<SearchResponse> other = world.find(request);

    ASSERT_TRUE(second);
    EXPECT_THAT(texts(*second), ElementsAre("ana: one"));
    EXPECT_FALSE(second->next_cursor);
    EXPECT_FALSE(other) << "a cursor of other parameters";
}

TEST(SearchConversations, RefusesToListEverythingWithoutBeingAsked) {
    World world;
    for (const char* query : {"", "  ", "*"}) {
        const Result<SearchResponse> response = world.find({.query = query});
        ASSERT_FALSE(response);
        EXPECT_EQ(response.error().pointer, "/query");
    }
}

TEST(SearchConversations, HintsAtStoredValuesWhereAFilterHasOneThatNothingHas) {
    World world;
    world.talk({"lunch", "the backups moved"});
    SearchRequest request{.query = "backups"};
    request.filter.author_name = "Benn";

    const Result<SearchResponse> none = world.find(request);
    request.filter.author_name = "ben";
    const Result<SearchResponse> some = world.find(request);

    ASSERT_TRUE(none && some);
    ASSERT_THAT(none->hints, SizeIs(1));
    EXPECT_EQ(none->hints[0].filter, "author_name");
    EXPECT_THAT(none->hints[0].nearest, ElementsAre("ben", "ana"));
    EXPECT_THAT(some->hints, IsEmpty());
}

TEST(SearchConversations, SaysThatContextWasLeftOutWhereItIsMoreThanAReadMayBe) {
    World world;
    world.talk({"lunch at noon", "the backups moved to the new bucket", "see you"});
    const SearchRequest request{.query = "backups", .top_k = 1, .context = 1};

    const Result<SearchResponse> whole = world.find(request);
    world.repository.bound_reads(5);
    const Result<SearchResponse> bounded = world.find(request);

    ASSERT_TRUE(whole && bounded);
    EXPECT_FALSE(whole->truncated);
    EXPECT_THAT(whole->results[0].chunk.context, SizeIs(2));
    EXPECT_TRUE(bounded->truncated);
    EXPECT_THAT(bounded->results[0].chunk.context, IsEmpty());
    EXPECT_EQ(texts(*bounded), texts(*whole));
}

TEST(SearchConversations, StillFindsWordsWhenTheEmbeddingProviderIsDown) {
    World world;
    world.talk({"the backups moved to the new bucket", "lunch at noon"});
    world.embeddings.fail_with(ErrorCode::unavailable);

    for (const SearchMode mode : {SearchMode::hybrid, SearchMode::dense}) {
        const Result<SearchResponse> response =
            world.find({.query = "backups", .top_k = 1, .mode = mode});

        ASSERT_TRUE(response) << response.error().message;
        EXPECT_TRUE(response->degraded);
        EXPECT_EQ(response->mode, mode);
        EXPECT_THAT(texts(*response), ElementsAre("ana: the backups moved to the new bucket"));
        EXPECT_GT(response->results[0].score, 0);
        EXPECT_EQ(response->results[0].dense, std::nullopt);
    }
    EXPECT_EQ(world.telemetry.count("search_requests_total hybrid degraded"), 1);
    EXPECT_EQ(world.telemetry.count("search_requests_total dense degraded"), 1);
    EXPECT_THAT(world.telemetry.lines().back().message, HasSubstr("EmbeddingError"));
}

TEST(SearchConversations, FindsByMeaningAgainWhenTheProviderIsBack) {
    World world;
    world.talk({"the backups moved to the new bucket", "lunch at noon"});
    world.embeddings.go_down();
    EXPECT_TRUE(world.find({.query = "backups"})->degraded);

    world.embeddings.come_back();
    const Result<SearchResponse> response = world.find({.query = "backups"});

    ASSERT_TRUE(response) << response.error().message;
    EXPECT_FALSE(response->degraded);
    EXPECT_TRUE(response->results[0].dense);
}

TEST(SearchConversations, IsDegradedWhileChunksOfAnotherModelAreFoundByWordsOnly) {
    World world;
    world.talk({"the backups moved"});
    EmbeddingSpace other = world.embeddings.space();
    other.model = "another";
    (void)await(world.repository.use_space(other, within(std::chrono::seconds(1))));

    const Result<SearchResponse> response = world.find({.query = "backups"});

    ASSERT_TRUE(response);
    EXPECT_TRUE(response->degraded);
    EXPECT_THAT(response->results, SizeIs(1));
}

TEST(SearchConversations, NeedsNoEmbeddingInModeLexical) {
    World world;
    world.talk({"the backups moved", "lunch at noon"});
    world.embeddings.fail_with(ErrorCode::unavailable);

    const Result<SearchResponse> response =
        world.find({.query = "backups", .top_k = 1, .mode = SearchMode::lexical});

    ASSERT_TRUE(response);
    EXPECT_FALSE(response->degraded);
    EXPECT_EQ(world.embeddings.queries(), 0u);
    EXPECT_THAT(texts(*response), ElementsAre("ana: the backups moved"));
}

TEST(SearchConversations, LooksForStopWordsOnlyWhereTheQueryHoldsNothingElse) {
    World world;
    world.talk({"who is who", "lunch"});

    (void)world.find({.query = "who is at lunch"});
    const std::vector<std::string> content = world.repository.last_query().terms;
    (void)world.find({.query = "Who is?"});
    const std::vector<std::string> stop = world.repository.last_query().terms;
    (void)world.find({.query = "?!"});
    const std::vector<std::string> none = world.repository.last_query().terms;

    EXPECT_THAT(content, ElementsAre("lunch"));
    EXPECT_THAT(stop, ElementsAre("is", "who"));
    EXPECT_THAT(none, IsEmpty());
}

TEST(SearchConversations, AnswersTopKInsideTheFilter) {
    World world;
    world.talk({"backups of monday", "backups of tuesday", "backups of friday", "backups again"});
    Filter of_ben;
    of_ben.author_name = "ben";

    const Result<SearchResponse> response =
        world.find({.query = "backups", .top_k = 2, .filter = of_ben});

    ASSERT_THAT(response->results, SizeIs(2));
    EXPECT_THAT(texts(*response), Each(testing::StartsWith("ben:")));
    EXPECT_EQ(response->next_cursor, std::nullopt);
}

TEST(SearchConversations, AnswersNothingForAFilterThatNothingPasses) {
    World world;
    world.talk({"backups"});
    Filter nobody;
    nobody.author_name = "nobody";

    const Result<SearchResponse> response = world.find({.query = "backups", .filter = nobody});

    ASSERT_TRUE(response);
    EXPECT_THAT(response->results, IsEmpty());
    EXPECT_EQ(response->next_cursor, std::nullopt);
}

TEST(SearchConversations, LeavesOutWhatScoresLessThanAskedFor) {
    World world;
    world.talk({"lunch at noon", "the backups moved to the new bucket"});
    const Result<SearchResponse> all = world.find({.query = "the backups moved"});
    ASSERT_THAT(all->results, SizeIs(2));
    const double between = (all->results[0].score + all->results[1].score) / 2;

    const Result<SearchResponse> best =
        world.find({.query = "the backups moved", .min_score = between});

    EXPECT_THAT(best->results, SizeIs(1));
    EXPECT_EQ(best->results[0].score, all->results[0].score);
    EXPECT_EQ(best->next_cursor, std::nullopt);
}

TEST(SearchConversations, LoadsContextAroundEachRow) {
    World world;
    world.talk({"one", "two", "backups", "four", "five"});

    const Result<SearchResponse> response =
        world.find({.query = "backups", .top_k = 1, .context = 1});

    ASSERT_THAT(response->results, SizeIs(1));
    const std::vector<StoredMessage>& context = response->results[0].chunk.context;
    ASSERT_THAT(context, SizeIs(2));
    EXPECT_EQ(context[0].index, 1);
    EXPECT_EQ(context[0].message.content, "two");
    EXPECT_EQ(context[1].index, 3);
}

TEST(SearchConversations, ExplainsWhatFoundARow) {
    World world;
    world.talk({"lunch at noon", "the backups moved", "see you"});

    const Result<SearchResponse> response = world.find({.query = "backups", .explain = true});

    ASSERT_TRUE(response);
    EXPECT_TRUE(response->explain);
    const SearchResult& best = response->results[0];
    ASSERT_TRUE(best.dense);
    ASSERT_TRUE(best.lexical);
    EXPECT_EQ(best.dense->rank, 1);
    EXPECT_EQ(best.lexical->rank, 1);
    EXPECT_GT(best.lexical->score, 0);
    EXPECT_EQ(response->results[1].lexical, std::nullopt);
    double sum = 0;
    for (const auto& [name, share] : best.shares) sum += share;
    EXPECT_NEAR(sum, best.score, 1e-4);
}

TEST(SearchConversations, HasNoSharesWithoutExplain) {
    World world;
    world.talk({"the backups moved"});

    EXPECT_THAT(world.find({.query = "backups"})->results[0].shares, IsEmpty());
}

TEST(SearchConversations, WorksWithAProviderThatGivesNoTokenVectors) {
    World world;
    FakeEmbeddingProvider plain(false);
    Ports ports{
        .repository = world.repository,
        .embeddings = plain,
        .telemetry = world.telemetry,
        .work_pool = world.work_pool,
        .segmenter = world.segmenter,
        .analyzer = world.analyzer,
        .token_counter = plain.token_counter(),
        .clock = [] { return Timestamp{}; },
        .time_zones = world.time_zones,
    };
    UseCases use_cases(ports, default_options());
    world.talk({"lunch at noon", "the backups moved"});

    const Result<SearchResponse> response =
        await(use_cases.search.run({.query = "backups", .top_k = 1}, request_context()));

    ASSERT_TRUE(response);
    EXPECT_THAT(texts(*response), ElementsAre("ben: the backups moved"));
}

TEST(SearchConversations, RefusesWhatIsOutOfRangeWithItsPointer) {
    World world;
    const auto pointer = [&world](SearchRequest request) {
        const Result<SearchResponse> response = world.find(std::move(request));
        return response ? std::string("accepted") : response.error().pointer;
    };
    const std::string long_query(10'001, 'x');
    const double nan = std::numeric_limits<double>::quiet_NaN();

    EXPECT_EQ(pointer({.query = ""}), "/query");
    EXPECT_EQ(pointer({.query = " \t\u00a0"}), "/query");
    EXPECT_EQ(pointer({.query = long_query}), "/query");
    EXPECT_EQ(pointer({.query = "x", .top_k = 0}), "/top_k");
    EXPECT_EQ(pointer({.query = "x", .top_k = 101}), "/top_k");
    EXPECT_EQ(pointer({.query = "x", .min_score = -0.1}), "/min_score");
    EXPECT_EQ(pointer({.query = "x", .min_score = 1.1}), "/min_score");
    EXPECT_EQ(pointer({.query = "x", .min_score = nan}), "/min_score");
    EXPECT_EQ(pointer({.query = "x", .context = 11}), "/context");
    EXPECT_EQ(pointer({.query = "x", .max_tokens = 0}), "/max_tokens");
    EXPECT_EQ(pointer({.query = "x", .cursor = "nonsense"}), "/cursor");
    EXPECT_EQ(world.telemetry.count("search_requests_total hybrid error"), 11);
    EXPECT_EQ(world.repository.calls("candidates"), 0);
}

TEST(SearchConversations, AcceptsWhatIsJustInRange) {
    World world;
    std::string long_query;  // 10,000 characters of two bytes each.
    for (int character = 0; character < 10'000; ++character) long_query += "\u00e4";

    EXPECT_TRUE(world.find({.query = long_query, .top_k = 100}));
    EXPECT_TRUE(world.find({.query = "x", .top_k = 1, .min_score = 1, .context = 10}));
    EXPECT_TRUE(world.find({.query = "x", .min_score = 0, .max_tokens = 1}));
}

TEST(SearchConversations, PassesOnWhatTheRepositoryCannotDo) {
    for (const char* call : {"candidates", "load"}) {
        World world;
        world.talk({"backups"});
        world.repository.fail_with(call, ErrorCode::timeout);

        const Result<SearchResponse> response = world.find({.query = "backups"});

        ASSERT_FALSE(response) << call;
        EXPECT_EQ(response.error().code, ErrorCode::timeout);
        EXPECT_EQ(world.telemetry.count("search_requests_total hybrid error"), 1);
    }
}

}  // namespace
}  // namespace rag::test
