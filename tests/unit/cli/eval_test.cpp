#include "cli_fixture.hpp"
#include "eval_scores.hpp"

namespace rag::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ScoredResult result(std::set<std::string> evidence, std::size_t tokens) {
    return {std::move(evidence), tokens};
}

TEST(EvalScores, CountsByRankAndByTokens) {
    std::vector<ScoredResult> results(7, result({}, 40));  // 280 tokens
    results.push_back(result({"a"}, 20));                  // Ends at 300, in place 8.
    results.push_back(result({"b"}, 701));                 // Ends beyond 1,000.
    EvalScores scores;

    scores.add(results, 2);

    EXPECT_THAT(scores.percent(), ElementsAre(0, 100, 100, 100, 100, 100));
}

TEST(EvalScores, AResultCountsOnlyIfItLiesWhollyWithinTheTokens) {
    EvalScores scores;

    scores.add({result({"a"}, 301)}, 1);
    scores.add({result({}, 1'000), result({"a"}, 1)}, 1);
    scores.add({}, 1);

    EXPECT_THAT(scores.percent(), ElementsAre(66.7, 66.7, 66.7, 66.7, 0, 33.3));
}

TEST(EvalScores, AllNeedsEveryEvidenceMessageOnce) {
    EvalScores scores;

    scores.add({result({"a"}, 1), result({"a"}, 1)}, 2);
    scores.add({result({"a", "b"}, 1)}, 2);

    EXPECT_EQ(scores.percent()[3], 50);
}

class EvalTest : public CliTest {
protected:
    EvalTest() {
        api_.answer_with([](const wire::Request& request) -> Result<wire::Response> {
            wire::Response response;
            if (request.target == "/conversations/1/messages") {
                response.body = R"({"messages":[{"external_id":"D1"},{"external_id":"D2"}]})";
            } else if (request.body.text().find("scenario_title") != std::string::npos) {
                response.body = R"({"results":[)" + row("1", "s1", 1, 1) + "]}";
            } else {
                // Same ids in another sample are other messages.
                response.body =
                    R"({"results":[)" + row("2", "s2", 0, 5) + "," + row("1", "s1", 0, 1) + "]}";
            }
            return response;
        });
    }

    static std::string row(const char* id, const char* title, int from, int to) {
        return std::string(R"({"conversation_id":")") + id + R"(","scenario_title":")" + title +
               R"(","message_start":)" + std::to_string(from) + R"(,"message_end":)" +
               std::to_string(to) + R"(,"text":"one two three"})";
    }
};

TEST_F(EvalTest, MeasuresScopedAndGlobal) {
    const std::string questions = file(
        "q.jsonl",
        "{\"sample\":\"s1\",\"question\":\"why?\",\"answer\":7,\"evidence\":[\"D2\"]}\n"
        "{\"sample\":\"s1\",\"question\":\"who?\",\"evidence\":[\"D1\",\"D2\"]}\n"
        "{\"sample\":\"s1\",\"question\":\"where?\",\"evidence\":[\"D9\"]}\n"
        "{\"sample\":\"s1\",\"question\":\"when?\",\"evidence\":[\"D1\"]}\n"
    );

    ASSERT_EQ(run({"eval", questions, "--json"}), kDone) << err();

    EXPECT_EQ(
        out(),
        R"({"questions":4,"scoped":{"any@5":50,"any@10":50,"any@20":50,"all@10":25,)"
        R"("any@300tok":50,"any@1000tok":50},"global":{"any@5":75,"any@10":75,"any@20":75,)"
        R"("all@10":75,"any@300tok":75,"any@1000tok":75}})"
        "\n"
    );
    EXPECT_THAT(
        api_.requests()[0].body.text(),
        R"({"query":"why?","top_k":50,"filters":{"scenario_title":"s1"}})"
    );
    // The messages of a conversation are fetched once.
    EXPECT_EQ(
        std::ranges::count(api_.requests(), "/conversations/1/messages", &wire::Request::target), 1
    );
}

TEST_F(EvalTest, PrintsATableForPeople) {
    const std::string questions =
        file("q.jsonl", "{\"sample\":\"s1\",\"question\":\"why?\",\"evidence\":[\"D2\"]}\n");

    ASSERT_EQ(run({"eval", questions}), kDone);

    EXPECT_THAT(out(), HasSubstr("1 questions, percent\n"));
    EXPECT_THAT(out(), testing::ContainsRegex("scoped +100.0 +100.0"));
}

TEST_F(EvalTest, CannotScoreTheRollbackPipeline) {
    api_.answer_with(200, R"({"results":[{"id":1,"chunk_text":"x","relevance_score":0.1}]})");
    const std::string questions =
        file("q.jsonl", "{\"sample\":\"s1\",\"question\":\"why?\",\"evidence\":[\"D2\"]}\n");

    EXPECT_EQ(run({"eval", questions}), kUsage);

    EXPECT_THAT(err(), HasSubstr("USE_NEW_ARCHITECTURE"));
}

TEST_F(EvalTest, NamesTheQuestionThatCannotBeUsed) {
    const std::string questions = file("q.jsonl", "\n{\"sample\":\"s1\",\"question\":\"why?\"}\n");

    EXPECT_EQ(run({"eval", questions}), kFailed);

    EXPECT_EQ(
        err(), "mcp-backend: " + questions + ":2: a question needs sample, question and evidence\n"
    );
    EXPECT_EQ(run({"eval", questions + ".missing"}), kFailed);
}

}  // namespace
}  // namespace rag::cli
