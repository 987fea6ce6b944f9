#include "domain/candidate_assembly.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rag {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::IsEmpty;

constexpr float kFade = lexical::kFade;

/// Chunks `first` to `last` of a conversation; ids are 100 * conversation + place.
void add_rows(FetchedChunks& fetched, std::int64_t conversation, int first, int last) {
    for (int place = first; place <= last; ++place) {
        FetchedRow& row = fetched.rows.emplace_back();
        row.chunk_id = {100 * conversation + place};
        row.conversation_id = {conversation};
        row.order_index = place;
        row.passes = true;
    }
}

FetchedRow& row_of(FetchedChunks& fetched, std::int64_t chunk) {
    return *std::ranges::find(fetched.rows, ChunkId{chunk}, &FetchedRow::chunk_id);
}

/// A match of the only term there is.
void match(FetchedChunks& fetched, std::int64_t chunk, float share) {
    FetchedRow& row = row_of(fetched, chunk);
    row.first_match = static_cast<std::uint32_t>(fetched.term_matches.size());
    row.match_count = 1;
    row.bm25 = share;
    fetched.term_matches.push_back({0, share});
    fetched.term_weights = {1};
}

std::vector<std::int64_t> ids(const CandidateSet& set) {
    std::vector<std::int64_t> found;
    for (const Candidate& candidate : set.candidates) found.push_back(candidate.chunk_id.value);
    return found;
}

TEST(CandidateAssembly, TakesTheBestOfBothKindsAndThePoolsNeighboursThatPass) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 6);
    add_rows(fetched, 2, 4, 8);
    row_of(fetched, 103).lexical_rank = 1;
    row_of(fetched, 102).passes = false;
    row_of(fetched, 206).dense_rank = 2;  // Of the tail.

    const CandidateSet set = assemble_candidates(fetched, 1);

    EXPECT_THAT(ids(set), ElementsAre(103, 104, 206));
    EXPECT_EQ(set.candidates[0].lexical_rank, 1);
    EXPECT_TRUE(set.candidates[0].in_pool);
    EXPECT_TRUE(set.candidates[1].in_pool);
    EXPECT_EQ(set.candidates[1].lexical_rank, 0);
    EXPECT_FALSE(set.candidates[2].in_pool);
    EXPECT_EQ(set.candidates[2].dense_rank, 2);
}

TEST(CandidateAssembly, MakesOneOfTheTailOneOfThePoolWhereItIsItsNeighbour) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 3);
    row_of(fetched, 100).lexical_rank = 1;
    row_of(fetched, 101).lexical_rank = 2;
    row_of(fetched, 102).lexical_rank = 3;

    const CandidateSet set = assemble_candidates(fetched, 1);

    ASSERT_THAT(ids(set), ElementsAre(100, 101, 102));
    EXPECT_TRUE(set.candidates[1].in_pool);
    EXPECT_FALSE(set.candidates[2].in_pool);  // Neighbours of neighbours are none.
}

TEST(CandidateAssembly, SaysWhichRowsNeedBeMeasured) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 9);
    row_of(fetched, 104).dense_rank = 1;
    row_of(fetched, 105).passes = false;
    row_of(fetched, 109).dense_rank = 2;

    const std::vector<RowUse> uses = row_uses(fetched.rows, 1);

    std::string candidates, pool, windows, pool_windows;
    for (const RowUse& use : uses) {
        candidates += use.is_candidate ? 'x' : '.';
        pool += use.in_pool ? 'x' : '.';
        windows += use.in_window ? 'x' : '.';
        pool_windows += use.in_pool_window ? 'x' : '.';
    }
    EXPECT_EQ(candidates, "...xx....x");
    EXPECT_EQ(pool, "...xx.....");
    EXPECT_EQ(windows, ".xxxxxxxxx");
    EXPECT_EQ(pool_windows, ".xxxxxx...");
}

TEST(CandidateAssembly, CountsATermFromTheBestPlaceOfTheWindowFadedByDistance) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 4);
    row_of(fetched, 102).dense_rank = 1;
    match(fetched, 101, 0.5F);
    match(fetched, 104, 0.9F);

    const CandidateSet set = assemble_candidates(fetched, 1);

    ASSERT_THAT(ids(set), ElementsAre(101, 102, 103));
    EXPECT_THAT(set.candidates[0].bm25_window, FloatEq(0.5F));
    EXPECT_THAT(set.candidates[1].bm25_window, FloatEq(0.9F * kFade * kFade));
    EXPECT_THAT(set.candidates[2].bm25_window, FloatEq(0.9F * kFade));
    EXPECT_THAT(set.candidates[1].bm25, FloatEq(0));
}

TEST(CandidateAssembly, AWindowEndsWithItsConversationAndAtAGap) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 0);
    add_rows(fetched, 1, 3, 3);
    add_rows(fetched, 2, 4, 4);
    for (FetchedRow& row : fetched.rows)
        row.dense_rank = static_cast<std::int32_t>(row.order_index);
    match(fetched, 100, 1);
    match(fetched, 204, 1);
    for (std::int32_t place = 0; place < 3; ++place) {
        fetched.rows[static_cast<std::size_t>(place)].piece_row = place;
    }

    const CandidateSet set = assemble_candidates(fetched, 9);

    ASSERT_THAT(ids(set), ElementsAre(103, 204));
    EXPECT_THAT(set.candidates[0].bm25_window, FloatEq(0));
    EXPECT_THAT(set.candidates[0].window, ElementsAre(kNoRow, kNoRow, 1, kNoRow, kNoRow));
}

TEST(CandidateAssembly, GivesTheQuestionThatAChunkAnswersWhetherItPassesOrNot) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 2);
    row_of(fetched, 101).traits.has_question_mark = true;
    row_of(fetched, 101).passes = false;
    row_of(fetched, 102).dense_rank = 1;
    match(fetched, 101, 0.4F);

    const CandidateSet set = assemble_candidates(fetched, 1);

    ASSERT_THAT(ids(set), ElementsAre(102));
    EXPECT_TRUE(set.candidates[0].question_before);
    EXPECT_THAT(set.candidates[0].bm25_question, FloatEq(0.4F));
}

TEST(CandidateAssembly, GivesWindowsOfTokenMatchesToThePoolAlone) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 3);
    add_rows(fetched, 2, 0, 0);
    row_of(fetched, 101).dense_rank = 1;
    row_of(fetched, 200).dense_rank = 2;
    for (std::int32_t place = 0; FetchedRow & row : fetched.rows) row.piece_row = place++;
    row_of(fetched, 102).piece_row = kNoRow;  // Has no token vectors.

    const CandidateSet set = assemble_candidates(fetched, 1);

    ASSERT_THAT(ids(set), ElementsAre(100, 101, 102, 200));
    EXPECT_THAT(set.candidates[1].window, ElementsAre(kNoRow, 0, 1, kNoRow, 3));
    EXPECT_THAT(set.candidates[3].window, testing::Each(kNoRow));
}

TEST(CandidateAssembly, TakesTheBestOfAConversationFromTheStoreOrElseFromWhatWasFetched) {
    FetchedChunks fetched;
    for (const std::int64_t conversation : {1, 2, 3}) add_rows(fetched, conversation, 0, 5);
    for (const std::int64_t chunk : {101, 201, 301}) {
        row_of(fetched, chunk).dense_rank = static_cast<std::int32_t>(chunk / 100);
    }
    for (const std::int64_t chunk : {105, 205}) match(fetched, chunk, 0.7F);
    row_of(fetched, 201).has_cosine = row_of(fetched, 204).has_cosine = true;
    row_of(fetched, 201).cosine = -0.5F;
    row_of(fetched, 204).cosine = -0.25F;
    fetched.conversations = {{{1}, 0.8F, 0.9F}, {{2}, {}, {}}};

    const CandidateSet set = assemble_candidates(fetched, 0);

    ASSERT_THAT(ids(set), ElementsAre(101, 201, 301));
    EXPECT_THAT(set.candidates[0].bm25_conversation, FloatEq(0.8F));
    EXPECT_THAT(set.candidates[0].cosine_conversation, FloatEq(0.9F));
    EXPECT_THAT(set.candidates[1].bm25_conversation, FloatEq(0.7F));
    EXPECT_THAT(set.candidates[1].cosine_conversation, FloatEq(-0.25F));
    EXPECT_THAT(set.candidates[2].bm25_conversation, FloatEq(0));
    EXPECT_THAT(set.candidates[2].cosine_conversation, FloatEq(0));
}

TEST(CandidateAssembly, NumbersTheAuthorsOfCandidatesAlone) {
    FetchedChunks fetched;
    add_rows(fetched, 1, 0, 4);
    for (FetchedRow& row : fetched.rows) row.author_name = row.order_index % 2 == 0 ? "ana" : "bo";
    row_of(fetched, 100).author_name = "nobody's";
    row_of(fetched, 103).author_name = "";
    row_of(fetched, 103).dense_rank = 1;

    const CandidateSet set = assemble_candidates(fetched, 1);

    ASSERT_THAT(ids(set), ElementsAre(102, 103, 104));
    EXPECT_THAT(set.authors, ElementsAre("ana", ""));
    EXPECT_EQ(set.candidates[0].author, 0u);
    EXPECT_EQ(set.candidates[1].author, 1u);
    EXPECT_EQ(set.candidates[2].author, 0u);
}

TEST(CandidateAssembly, HandsOnWhatIsKnownOfTheQuestion) {
    FetchedChunks fetched;
    fetched.piece_count = 2;
    fetched.piece_frequency = {3, 4};
    fetched.chunk_total = 9;
    fetched.row_pieces = {5};
    fetched.piece_match = {0.1F, 0.2F};

    const CandidateSet set = assemble_candidates(fetched, 1);

    EXPECT_THAT(set.candidates, IsEmpty());
    EXPECT_EQ(set.piece_count, 2u);
    EXPECT_THAT(set.piece_frequency, ElementsAre(3, 4));
    EXPECT_EQ(set.chunk_total, 9u);
    EXPECT_THAT(set.row_pieces, ElementsAre(5));
    EXPECT_THAT(set.piece_match, ElementsAre(0.1F, 0.2F));
}

}  // namespace
}  // namespace rag
