#include "domain/time_order.hpp"

#include <gmock/gmock.h>

namespace rag {
namespace {

using testing::ElementsAre;

struct Row {
    float score;
    float words;
    std::int64_t ms;
};

/// Times of those that are left, in their order.
std::vector<std::int64_t> ordered(const std::vector<Row>& rows, SearchOrder order) {
    CandidateSet set;
    std::vector<Ranked> ranked;
    for (const Row& row : rows) {
        ranked.push_back({set.candidates.size(), row.score, {}});
        Candidate& candidate = set.candidates.emplace_back();
        candidate.bm25 = row.words;
        candidate.time = Timestamp{row.ms};
    }
    std::vector<std::int64_t> times;
    for (const Ranked& row : in_time_order(set, ranked, order)) {
        times.push_back(set.candidates[row.candidate].time.ms);
    }
    return times;
}

TEST(TimeOrder, PutsTheNewestOrTheOldestFirst) {
    const std::vector<Row> rows{{0.9F, 0, 20}, {0.8F, 0, 30}, {0.8F, 0, 10}};

    EXPECT_THAT(ordered(rows, SearchOrder::newest), ElementsAre(30, 20, 10));
    EXPECT_THAT(ordered(rows, SearchOrder::oldest), ElementsAre(10, 20, 30));
}

TEST(TimeOrder, LeavesOutWhatIsHardlyAnAnswer) {
    EXPECT_THAT(
        ordered({{0.8F, 0, 1}, {0.6F, 0, 2}, {0.59F, 0, 3}}, SearchOrder::newest), ElementsAre(2, 1)
    );
}

TEST(TimeOrder, KeepsWhatHoldsTheWordsThoughItWasNotLookedAtClosely) {
    EXPECT_THAT(
        ordered({{0.8F, 0.5F, 1}, {0.1F, 0.4F, 2}, {0.1F, 0.39F, 3}}, SearchOrder::newest),
        ElementsAre(2, 1)
    );
}

TEST(TimeOrder, OfNothingIsNothing) { EXPECT_TRUE(ordered({}, SearchOrder::newest).empty()); }

}  // namespace
}  // namespace rag
