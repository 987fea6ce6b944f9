#include "domain/ranking.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "domain/lexical.hpp"

namespace rag {
namespace {

using testing::ElementsAre;

std::vector<std::size_t> order_of(const std::vector<Ranked>& ranked) {
    std::vector<std::size_t> order;
    for (const Ranked& row : ranked) order.push_back(row.candidate);
    return order;
}

Candidate candidate(float bm25_window, float cosine) {
    Candidate made;
    made.bm25 = bm25_window;
    made.bm25_window = bm25_window;
    made.cosine = cosine;
    made.traits.tokens = 16;
    return made;
}

/// One piece in the question; row i of `piece_match` belongs to candidate i and is its own match.
CandidateSet set_with_pieces(const std::vector<float>& matches) {
    CandidateSet set;
    set.authors = {""};
    set.piece_count = 1;
    set.chunk_total = 100;
    set.piece_frequency = {5};
    for (std::size_t index = 0; index < matches.size(); ++index) {
        Candidate made = candidate(0, 0);
        made.window[2] = static_cast<std::int32_t>(index);
        set.candidates.push_back(made);
        set.piece_match.push_back(matches[index]);
        set.row_pieces.push_back(1);
    }
    return set;
}

float share(const Ranked& ranked, std::string_view signal) {
    for (std::size_t index = 0; index < signal_weights().size(); ++index) {
        if (signal_weights()[index].name == signal) return ranked.shares.at(index);
    }
    ADD_FAILURE() << "no signal " << signal;
    return 0;
}

SignalWeight weights_of(std::string_view signal) {
    for (const SignalWeight& row : signal_weights()) {
        if (row.name == signal) return row;
    }
    ADD_FAILURE() << "no signal " << signal;
    return {};
}

float weight(std::string_view signal) { return weights_of(signal).full; }
float weight_without_pieces(std::string_view signal) { return weights_of(signal).without_pieces; }

TEST(Ranking, WeightsOfEachColumnSumToOne) {
    float full = 0;
    float without_pieces = 0;
    for (const SignalWeight& row : signal_weights()) {
        full += row.full;
        without_pieces += row.without_pieces;
    }
    EXPECT_NEAR(full, 1, 0.002);
    EXPECT_NEAR(without_pieces, 1, 0.002);
}

TEST(Ranking, PutsTheBetterMatchFirstAndKeepsChunkOrderInTies) {
    CandidateSet set;
    set.authors = {""};
    set.candidates = {candidate(0.1F, 0.2F), candidate(0.9F, 0.2F), candidate(0.1F, 0.2F)};

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(1, 0, 2));
    EXPECT_GT(ranked[0].score, ranked[1].score);
}

TEST(Ranking, ScoresLieBetweenZeroAndOne) {
    CandidateSet set = set_with_pieces({1.0F, -1.0F});
    set.candidates[0] = candidate(1, 1);
    set.candidates[0].window[2] = 0;
    set.candidates[0].bm25_conversation = 1;
    set.candidates[0].cosine_conversation = 1;
    set.candidates[0].traits = {1, 1, 1, true, true};
    set.candidates[1].cosine = -1;
    set.candidates[1].traits = {100'000, 0, 0, false, false};

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_LE(ranked[0].score, 1.001F);
    EXPECT_GE(ranked[1].score, 0);
}

TEST(Ranking, ExplainsEveryScoreBySharesOfItsSignals) {
    CandidateSet set;
    set.authors = {""};
    set.candidates = {candidate(0.5F, 0.4F)};

    const Ranked ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes).front();

    EXPECT_NEAR(
        std::accumulate(ranked.shares.begin(), ranked.shares.end(), 0.0F), ranked.score, 1e-6
    );
    EXPECT_NEAR(share(ranked, "words"), weight_without_pieces("words") * 0.5, 1e-5);
    EXPECT_NEAR(share(ranked, "dense"), weight_without_pieces("dense") * 0.4, 1e-5);
    EXPECT_NEAR(share(ranked, "brevity"), weight_without_pieces("brevity") * 0.5, 1e-5);
}

TEST(Ranking, MatchesPiecesBeyondWhatChanceGives) {
    CandidateSet set = set_with_pieces({0.6F, 0.6F, 0.02F});
    set.row_pieces[1] = 100;  // A long chunk has a good match for anything.

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(0, 1, 2));
    EXPECT_NEAR(
        share(ranked[0], "neighbours"), weight("neighbours") * (0.6F - 0.032F) / (1 - 0.032F), 1e-5
    );
    EXPECT_FLOAT_EQ(share(ranked[2], "neighbours"), 0);
}

TEST(Ranking, LetsTheNeighbourhoodMatchAndFadesIt) {
    CandidateSet set = set_with_pieces({0.0F, 0.0F, 1.0F});
    set.candidates[0].window = {kNoRow, kNoRow, 0, 1, 2};
    set.candidates[1].window = {kNoRow, 0, 1, 2, kNoRow};
    set.candidates[2].window = {0, 1, 2, kNoRow, kNoRow};

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(2, 1, 0));
    EXPECT_NEAR(share(ranked[1], "neighbours"), weight("neighbours") * 0.6, 1e-5);
    EXPECT_NEAR(share(ranked[2], "neighbours"), weight("neighbours") * 0.36, 1e-5);
}

TEST(Ranking, PrefersManyPiecesMatchedFaintlyToOneMatchedWell) {
    CandidateSet set;
    set.authors = {""};
    set.piece_count = 2;
    set.chunk_total = 100;
    set.piece_frequency = {5, 5};
    set.piece_match = {0.8F, 0.0F, 0.416F, 0.416F};  // Both sum to the same beyond chance.
    set.row_pieces = {1, 1};
    set.candidates = {candidate(0, 0), candidate(0, 0)};
    set.candidates[0].window[2] = 0;
    set.candidates[1].window[2] = 1;

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(1, 0));
    EXPECT_NEAR(share(ranked[0], "neighbours"), share(ranked[1], "neighbours"), 1e-4);
    EXPECT_GT(share(ranked[0], "coverage"), share(ranked[1], "coverage"));
}

TEST(Ranking, ValuesAnAnswerToAQuestionThatMatches) {
    CandidateSet set = set_with_pieces({1.0F, 0.0F});
    set.candidates[1].window = {kNoRow, 0, 1, kNoRow, kNoRow};

    const float without = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes)[1].score;
    set.candidates[1].question_before = true;
    const Ranked with = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes)[1];

    EXPECT_NEAR(with.score - without, weight("question_before"), 1e-5);
}

TEST(Ranking, WeighsRarePiecesMore) {
    CandidateSet set;
    set.authors = {""};
    set.piece_count = 2;
    set.chunk_total = 1'000;
    set.piece_frequency = {2, 900};
    set.piece_match = {1, 0, 0, 1};
    set.row_pieces = {1, 1};
    set.candidates = {candidate(0, 0), candidate(0, 0)};
    set.candidates[0].window[2] = 1;
    set.candidates[1].window[2] = 0;

    EXPECT_THAT(
        order_of(rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes)), ElementsAre(1, 0)
    );
}

TEST(Ranking, MeasuresAChunkWithoutTokenVectorsByItsOtherSignals) {
    CandidateSet set = set_with_pieces({0.1F, 0.1F});
    set.candidates[1] = candidate(1, 0.9F);

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(1, 0));
    EXPECT_NEAR(share(ranked[0], "words"), weight_without_pieces("words"), 1e-5);
}

TEST(Ranking, HeedsNamesDatesAndQuestionsForATime) {
    CandidateSet set = set_with_pieces({0.5F, 0.5F});
    set.authors = {"Bo", "Melanie"};
    set.candidates[1].author = 1;
    set.candidates[1].day = day_number(2023, 5, 8);
    set.candidates[1].traits.has_time_word = true;

    const auto ranked = rank(
        set, query_cues("When did Melanie paint in May 2023?"), SearchMode::hybrid, Explain::yes
    );

    EXPECT_THAT(order_of(ranked), ElementsAre(1, 0));
    EXPECT_NEAR(share(ranked[0], "speaker"), weight("speaker"), 1e-6);
    EXPECT_NEAR(share(ranked[0], "time"), weight("time"), 1e-6);
    EXPECT_NEAR(share(ranked[0], "when"), weight("when"), 1e-6);
    EXPECT_FLOAT_EQ(share(ranked[1], "time"), 0);
}

TEST(Ranking, PutsTheTailBehindThePool) {
    CandidateSet set = set_with_pieces({0.5F, 0.4F, 0.0F, 0.0F});
    for (const std::size_t index : {2U, 3U}) {
        set.candidates[index] = candidate(index == 3 ? 1.0F : 0.5F, 1);
        set.candidates[index].in_pool = false;
    }

    const auto ranked = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(0, 1, 3, 2));
    EXPECT_LE(ranked[2].score, ranked[1].score);
    EXPECT_GT(ranked[2].score, ranked[3].score);
}

TEST(Ranking, InModeDenseIsByCosine) {
    CandidateSet set;
    set.authors = {""};
    set.candidates = {candidate(1, 0.1F), candidate(0, 0.7F), candidate(1, -0.2F)};

    const auto ranked = rank(set, QueryCues{}, SearchMode::dense, Explain::yes);

    EXPECT_THAT(order_of(ranked), ElementsAre(1, 0, 2));
    EXPECT_FLOAT_EQ(ranked[0].score, 0.7F);
    EXPECT_FLOAT_EQ(ranked[2].score, 0);
    EXPECT_TRUE(ranked[0].shares.empty());
}

TEST(Ranking, InModeLexicalLeavesOutWhatHasNoneOfTheWords) {
    CandidateSet set;
    set.authors = {""};
    set.candidates = {candidate(0.2F, 0), candidate(0, 0.9F), candidate(0.6F, 0)};

    EXPECT_THAT(
        order_of(rank(set, QueryCues{}, SearchMode::lexical, Explain::yes)), ElementsAre(2, 0)
    );
}

TEST(Ranking, SaysWhatAScoreIsMadeOfOnlyWhereAsked) {
    CandidateSet set;
    set.authors = {""};
    set.candidates = {candidate(0.2F, 0.3F), candidate(0.4F, 0.9F), candidate(0.6F, 0)};
    set.candidates[0].in_pool = false;

    const auto explained = rank(set, QueryCues{}, SearchMode::hybrid, Explain::yes);
    const auto plain = rank(set, QueryCues{}, SearchMode::hybrid, Explain::no);

    ASSERT_EQ(order_of(plain), order_of(explained));
    for (std::size_t place = 0; place < plain.size(); ++place) {
        EXPECT_EQ(plain[place].score, explained[place].score);
        EXPECT_EQ(plain[place].shares.capacity(), 0u);
        EXPECT_EQ(explained[place].shares.size(), signal_weights().size());
    }
}

TEST(Ranking, OfNothingIsNothing) {
    EXPECT_TRUE(rank(CandidateSet{}, QueryCues{}, SearchMode::hybrid, Explain::yes).empty());
}

}  // namespace
}  // namespace rag
