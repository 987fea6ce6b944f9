#include "chunk_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "synthetic_chunks.hpp"

namespace rag::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

IndexedChunk chunk(std::int64_t id, std::int64_t conversation, std::vector<Term> terms) {
    IndexedChunk made;
    made.chunk_id = {id};
    made.conversation_id = {conversation};
    made.order_index = static_cast<std::int32_t>(id);
    made.terms = std::move(terms);
    for (const Term& term : made.terms) made.length += term.stop ? 0 : term.count;
    return made;
}

ChunkQuery words(std::vector<std::string> terms) {
    ChunkQuery query;
    query.terms = std::move(terms);
    query.pool_size = 10;
    return query;
}

ChunkQuery vector(std::vector<float> embedding) {
    ChunkQuery query;
    query.embedding = std::move(embedding);
    query.pool_size = 10;
    return query;
}

std::vector<std::int64_t> ids(const CandidateSet& set) {
    std::vector<std::int64_t> found;
    for (const Candidate& candidate : set.candidates) found.push_back(candidate.chunk_id.value);
    return found;
}

TEST(ChunkIndex, AnswersNothingWhileEmpty) {
    const ChunkIndex index;

    const CandidateSet set = index.candidates(words({"backup"}));

    EXPECT_THAT(set.candidates, IsEmpty());
    EXPECT_EQ(set.chunk_total, 0U);
}

TEST(ChunkIndex, FindsStopWordsIfTheQueryAsksForThem) {
    ChunkIndex index;
    index.apply(
        {{}, {chunk(1, 1, {{"be", 1, true}, {"to", 1, true}}), chunk(2, 2, {{"lunch", 1, false}})}}
    );

    EXPECT_THAT(ids(index.candidates(words({"be"}))), ElementsAre(1));
}

TEST(ChunkIndex, BreaksTiesInOrderOfChunks) {
    ChunkIndex index;
    IndexBatch batch;
    for (std::int64_t id = 1; id <= 500; ++id) {
        batch.added.push_back(chunk(id, id, {{"backup", 1, false}}));
        batch.added.back().embedding.vector = {1, 0};
    }
    index.apply(std::move(batch));
    ChunkQuery query = words({"backup"});
    query.embedding = {1, 0};
    query.pool_size = 3;

    EXPECT_THAT(ids(index.candidates(query)), ElementsAre(1, 2, 3));
}

TEST(ChunkIndex, FindsByWordsWhatHasNoVectorOrOneOfAnotherSpace) {
    ChunkIndex index(ChunkIndexOptions{.dimension = 2});
    IndexedChunk other = chunk(1, 1, {{"backup", 1, false}});
    other.embedding.vector = {1, 0, 0};
    IndexedChunk broken = chunk(2, 2, {{"backup", 1, false}});
    broken.embedding.vector = {std::numeric_limits<float>::quiet_NaN(), 1};
    IndexedChunk good = chunk(3, 3, {{"lunch", 1, false}});
    good.embedding.vector = {0, 1};
    index.apply({{}, {other, broken, good}});

    EXPECT_THAT(ids(index.candidates(vector({1, 0}))), ElementsAre(3));
    EXPECT_THAT(ids(index.candidates(words({"backup"}))), ElementsAre(1, 2));
    EXPECT_EQ(index.stats().chunks_embedded, 1U);
}

TEST(ChunkIndex, FindsTheFarthestVectorToo) {
    ChunkIndex index;
    IndexedChunk opposite = chunk(1, 1, {});
    opposite.embedding.vector = {-1, 0};
    index.apply({{}, {opposite}});

    const CandidateSet set = index.candidates(vector({1, 0}));

    ASSERT_THAT(ids(set), ElementsAre(1));
    EXPECT_FLOAT_EQ(set.candidates[0].cosine, -1);
}

TEST(ChunkIndex, ForgetsWhatIsRemovedInItsCountsToo) {
    ChunkIndex index;
    index.apply({{}, {chunk(1, 1, {{"backup", 1, false}}), chunk(2, 2, {{"backup", 1, false}})}});
    ChunkIndex fresh;
    fresh.apply({{}, {chunk(2, 2, {{"backup", 1, false}})}});

    index.apply({.removed = {{1}, {77}}, .added = {}});

    const CandidateSet set = index.candidates(words({"backup"}));
    ASSERT_THAT(ids(set), ElementsAre(2));
    EXPECT_EQ(set.candidates[0].bm25, fresh.candidates(words({"backup"})).candidates[0].bm25);
    EXPECT_EQ(index.size(), 1U);
    EXPECT_EQ(index.stats().conversations, 1U);
}

TEST(ChunkIndex, TakesMoreTermsThanALongQuestionHas) {
    ChunkIndex index;
    std::vector<Term> terms;
    std::vector<std::string> asked;
    for (int i = 0; i < 2'000; ++i) {
        asked.push_back(std::to_string(i));
        if (i % 100 == 0) terms.push_back({asked.back(), 70'000, false});
    }
    index.apply({{}, {chunk(1, 1, terms)}});

    const CandidateSet set = index.candidates(words(asked));

    ASSERT_THAT(ids(set), ElementsAre(1));
    EXPECT_GT(set.candidates[0].bm25, 0.9F);
    EXPECT_LE(set.candidates[0].bm25, 1.0001F);
}

/// Conversations come and go whole while others search: each must be seen wholly or not at all.
TEST(ChunkIndex, TakesAChunkOfManyTermsInParts) {
    ChunkIndex index;
    std::vector<Term> terms;
    for (int i = 0; i < 5'000; ++i) terms.push_back({"k" + std::to_string(i), 1, false});
    std::ranges::sort(terms, {}, &Term::text);
    const std::vector<Term> two{{"k4999", 1, false}, {"other", 1, false}};

    index.apply({{}, {chunk(1, 1, two), chunk(2, 2, terms), chunk(3, 3, {{"k0", 1, false}})}});

    EXPECT_EQ(index.stats().terms, 5'001U);
    EXPECT_THAT(ids(index.candidates(words({"k0"}))), testing::UnorderedElementsAre(2, 3));
    EXPECT_THAT(ids(index.candidates(words({"k2500"}))), ElementsAre(2));
    EXPECT_THAT(ids(index.candidates(words({"k4999"}))), testing::UnorderedElementsAre(1, 2));
    index.apply({{ConversationId{2}}, {}});
    EXPECT_THAT(ids(index.candidates(words({"k2500"}))), IsEmpty());
}

TEST(ChunkIndex, ShowsABatchWhollyOrNotAtAll) {
    constexpr std::int64_t kConversations = 40;
    constexpr std::int64_t kChunks = 150;  // More than are staged under one lock.
    ChunkIndex index;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0, searches = 0;
    const auto search = [&] {
        ChunkQuery query = words({"backup"});
        query.pool_size = 10'000;
        while (!done) {
            const CandidateSet set = index.candidates(query);
            if (set.candidates.size() % kChunks != 0) ++torn;
            if (set.candidates.size() != set.chunk_total) ++torn;
            ++searches;
        }
    };
    std::jthread one(search), two(search);

    std::int64_t next = 0;
    for (std::int64_t conversation = 1; conversation <= kConversations; ++conversation) {
        IndexBatch batch;
        for (std::int64_t i = 0; i < kChunks; ++i) {
            batch.added.push_back(chunk(++next, conversation, {{"backup", 1, false}}));
        }
        if (conversation % 2 == 0) batch.removed.push_back({conversation - 1});
        index.apply(std::move(batch));
    }
    while (searches < 10) std::this_thread::yield();
    done = true;
    one.join();
    two.join();

    EXPECT_EQ(torn, 0);
    EXPECT_EQ(index.size(), static_cast<std::size_t>(kConversations / 2 * kChunks));
}

}  // namespace
}  // namespace rag::sqlite
