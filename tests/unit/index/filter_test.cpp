#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chunk_index.hpp"

namespace rag::sqlite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

IndexedChunk chunk(std::int64_t id, std::int64_t conversation) {
    IndexedChunk made;
    made.chunk_id = {id};
    made.conversation_id = {conversation};
    made.order_index = static_cast<std::int32_t>(id);
    made.terms = {{"backup", 1, false}};
    made.length = 1;
    return made;
}

std::vector<std::int64_t> found(const ChunkIndex& index, const Filter& filter) {
    ChunkQuery query;
    query.terms = {"backup"};
    query.filter = filter;
    query.pool_size = 100;
    std::vector<std::int64_t> ids;
    for (const Candidate& candidate : index.candidates(query).candidates) {
        ids.push_back(candidate.chunk_id.value);
    }
    return ids;
}

Filter by_author(std::string name) {
    Filter filter;
    filter.author_name = std::move(name);
    return filter;
}

Filter between(std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
    Filter filter;
    if (from) filter.date_from = Timestamp{*from};
    if (to) filter.date_to = Timestamp{*to};
    return filter;
}

TEST(Filter, TellsNoAuthorFromAnEmptyName) {
    ChunkIndex index;
    IndexedChunk empty = chunk(2, 1);
    empty.author_name = "";
    index.apply({{}, {chunk(1, 1), empty}});

    EXPECT_THAT(found(index, {}), ElementsAre(1, 2));
    EXPECT_THAT(found(index, by_author("")), ElementsAre(2));
    EXPECT_THAT(found(index, by_author("ana")), IsEmpty());
}

TEST(Filter, MatchesAnyMessageOfAChunkAndNoGapBetween) {
    ChunkIndex index;
    IndexedChunk wide = chunk(1, 1);
    wide.message_times = {Timestamp{100}, Timestamp{900}};
    index.apply({{}, {wide, chunk(2, 1)}});  // The second has no time at all.

    EXPECT_THAT(found(index, between(100, 100)), ElementsAre(1));
    EXPECT_THAT(found(index, between(900, {})), ElementsAre(1));
    EXPECT_THAT(found(index, between({}, 100)), ElementsAre(1));
    EXPECT_THAT(found(index, between(50, 950)), ElementsAre(1));
    EXPECT_THAT(found(index, between(101, 899)), IsEmpty());
    EXPECT_THAT(found(index, between(901, {})), IsEmpty());
    EXPECT_THAT(found(index, between({}, 99)), IsEmpty());
}

TEST(Filter, LooksAtTheTimesInTheMiddleToo) {
    ChunkIndex index;
    IndexedChunk many = chunk(1, 1);
    many.message_times = {Timestamp{100}, Timestamp{500}, Timestamp{900}};
    index.apply({{}, {many}});

    EXPECT_THAT(found(index, between(400, 600)), ElementsAre(1));
    EXPECT_THAT(found(index, between(500, 500)), ElementsAre(1));
    EXPECT_THAT(found(index, between(101, 499)), IsEmpty());
    EXPECT_THAT(found(index, between(501, 899)), IsEmpty());
}

TEST(Filter, CombinesAllThatIsSet) {
    ChunkIndex index;
    std::vector<IndexedChunk> chunks;
    for (std::int64_t id = 1; id <= 200; ++id) {
        IndexedChunk one = chunk(id, id % 3);
        one.author_name = id % 2 == 0 ? "ana" : "bo";
        one.author_type = id % 5 == 0 ? "assistant" : "user";
        one.header.scenario_title = std::to_string(id % 7);
        chunks.push_back(one);
    }
    index.apply({{}, chunks});

    Filter filter = by_author("ana");
    filter.author_type = "assistant";
    filter.scenario_title = "3";
    filter.conversation_id = ConversationId{0};
    Filter nowhere;
    nowhere.conversation_id = ConversationId{9};
    EXPECT_THAT(found(index, filter), ElementsAre(150));  // 0 modulo 30, 3 modulo 7.
    EXPECT_THAT(found(index, nowhere), IsEmpty());
}

}  // namespace
}  // namespace rag::sqlite
