#include "cli_fixture.hpp"

namespace rag::cli {
namespace {

using testing::HasSubstr;

using Commands = CliTest;

constexpr const char* kProblem =
    R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"The request is invalid.",)"
    R"("errors":[{"pointer":"/filters/date_from","message":"is no date"}]})";

TEST_F(Commands, SearchAsksWithEveryOptionAndPrintsTheAnswerAsJson) {
    api_.answer_with(200, R"({"results":[]})");

    EXPECT_EQ(
        run({"search",     "who",
             "\"moved\"",  "--top-k",
             "3",          "--author-name",
             "Ana",        "--author-type",
             "user",       "--scenario-title",
             "s",          "--conversation-id",
             "7",          "--date-from",
             "2025-01-01", "--date-to",
             "2025-02-01", "--min-score",
             "0.5",        "--mode",
             "dense",      "--context",
             "2",          "--max-tokens",
             "500",        "--cursor",
             "abc",        "--explain",
             "--json"}),
        kDone
    );

    EXPECT_EQ(out(), "{\"results\":[]}\n");
    ASSERT_EQ(api_.requests().size(), 1u);
    const wire::Request& request = api_.requests()[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/search");
    EXPECT_EQ(request.origin, wire::Origin::in_process);
    EXPECT_EQ(request.header("content-type"), "application/json");
    EXPECT_EQ(
        request.body.text(),
        R"({"shape":"passages",)"
        R"("query":"who \"moved\"","top_k":3,"filters":{"author_name":"Ana","author_type":"user",)"
        R"("scenario_title":"s","conversation_id":"7","date_from":"2025-01-01",)"
        R"("date_to":"2025-02-01","min_score":0.5},"mode":"dense","context":2,"max_tokens":500,)"
        R"("cursor":"abc","explain":true})"
    );
}

TEST_F(Commands, SearchAsksForPassagesWithContextUnlessToldOtherwise) {
    const auto asked = [this](const std::vector<std::string>& arguments) {
        api_.answer_with(200, R"({"results":[]})");
        EXPECT_EQ(run(arguments), kDone);
        return std::string(api_.requests().back().body.text());
    };

    EXPECT_EQ(asked({"search", "x"}), R"({"shape":"passages","context":2,"query":"x"})");
    EXPECT_EQ(asked({"search", "x", "--json"}), R"({"shape":"passages","context":2,"query":"x"})");
    EXPECT_EQ(
        asked({"search", "x", "--context", "0"}), R"({"shape":"passages","query":"x","context":0})"
    );
    EXPECT_EQ(asked({"search", "x", "--shape", "rows"}), R"({"query":"x","shape":"rows"})");
}

TEST_F(Commands, SearchPrintsRowsForPeople) {
    api_.answer_with(200, R"({"degraded":true,"next_cursor":"next","results":[
        {"chunk_id":"9","conversation_id":"7","message_start":4,"message_end":4,"score":0.83456,
         "text":"Ana: the backups\nmoved","scenario_title":"ops","timestamp":"2025-11-07T14:30:45.123Z",
         "context":[{"index":3,"author_name":"Bo","content":"where?"}]}]})");

    EXPECT_EQ(run({"search", "backups"}), kDone);

    EXPECT_EQ(
        out(),
        "1. score 0.83  conversation 7, message 4  2025-11-07 15:30 CET  ops\n"
        "   Ana: the backups moved\n"
        "     [3] Bo: where?\n"
    );
    EXPECT_THAT(err(), HasSubstr("by words alone"));
    EXPECT_THAT(err(), HasSubstr("--cursor next"));
}

TEST_F(Commands, SearchPrintsRowsOfTheRollbackPipelineToo) {
    api_.answer_with(200, R"({"query":"x","total_results":1,"results":[
        {"id":9,"conversation_id":7,"chunk_text":"Ana: hi","relevance_score":0.25}]})");

    EXPECT_EQ(run({"search", "x"}), kDone);

    EXPECT_EQ(out(), "1. distance 0.25  conversation 7\n   Ana: hi\n");
}

TEST_F(Commands, NothingFoundIsNoFailureAndNoResult) {
    api_.answer_with(200, R"({"results":[]})");

    EXPECT_EQ(run({"search", "x"}), kDone);

    EXPECT_EQ(out(), "");
    EXPECT_EQ(err(), "nothing found\n");
}

TEST_F(Commands, ProblemsAreToldWithTheirFieldAndMappedToExitCodes) {
    api_.answer_with(400, kProblem);
    EXPECT_EQ(run({"search", "x"}), kUsage);
    EXPECT_EQ(err(), "mcp-backend: is no date (/filters/date_from)\n");
    EXPECT_EQ(out(), "");

    api_.answer_with(404, R"({"title":"Not Found","detail":"There is no such conversation."})");
    EXPECT_EQ(run({"show", "5"}), kFailed);
    EXPECT_EQ(err(), "mcp-backend: There is no such conversation.\n");

    for (const int status : {409, 429, 503}) {
        api_.answer_with(status, "{}");
        EXPECT_EQ(run({"list"}), kTemporary) << status;
    }
    api_.answer_with(507, "no JSON");
    EXPECT_EQ(run({"delete", "5"}), kFailed);
    EXPECT_EQ(err(), "mcp-backend: status 507\n");

    api_.answer_with([](const wire::Request&) -> Result<wire::Response> {
        return fail(ErrorCode::timeout, "no answer in time");
    });
    EXPECT_EQ(run({"list"}), kTemporary);
    EXPECT_EQ(err(), "mcp-backend: no answer in time\n");
}

TEST_F(Commands, ListAsksWithItsFiltersAndPrintsATable) {
    api_.answer_with(
        200,
        R"([{"id":"12","scenario_title":"ops","original_title":"Bäckups","created_at":"t1",)"
        R"("message_count":3,"chunk_count":4},)"
        R"({"id":"3","scenario_title":null,"original_title":null,"created_at":"t2",)"
        R"("message_count":10,"chunk_count":20}])"
    );

    EXPECT_EQ(run({"list", "--limit", "2", "--author-name", "A & B", "--skip", "1"}), kDone);

    EXPECT_EQ(api_.requests()[0].target, "/conversations?skip=1&limit=2&author_name=A%20%26%20B");
    EXPECT_EQ(
        out(),
        "ID  TIME  MESSAGES  CHUNKS  TITLE\n"
        "12  t1    3         4       ops / Bäckups\n"
        "3   t2    10        20\n"
    );
}

TEST_F(Commands, ListSaysHowToGoOn) {
    api_.answer_with([](const wire::Request&) -> Result<wire::Response> {
        wire::Response response;
        response.body = R"([{"id":"12"}])";
        response.headers.push_back(
            {"Link", "</conversations?limit=1&cursor=a%2Bb%3D>; rel=\"next\""}
        );
        return response;
    });

    for (const bool json : {false, true}) {
        EXPECT_EQ(
            run(json ? std::vector<std::string>{"list", "--json"} : std::vector<std::string>{"list"}
            ),
            kDone
        );
        EXPECT_EQ(err(), "more with --cursor a+b=\n");
    }
}

TEST_F(Commands, ShowPrintsTheConversationVerbatimButNoControlCharacters) {
    api_.answer_with([](const wire::Request& request) -> Result<wire::Response> {
        wire::Response response;
        response.body = request.target.ends_with("/messages?from=0&to=1")
                            ? R"({"conversation_id":"7","total":2,"messages":[
            {"index":0,"author_name":"Ana","timestamp":"t","content":"two\nlines"},
            {"index":1,"author_type":"user","content":"\u001b[2J"}]})"
                            : R"({"id":"7","scenario_title":"ops","created_at":"c","chunks":[]})";
        return response;
    });

    EXPECT_EQ(run({"show", "7", "--from", "0", "--to", "1"}), kDone);

    EXPECT_EQ(
        out(),
        "id: 7\nscenario_title: ops\ncreated_at: c\nmessages: 2\n\n"
        "[0] Ana (t)\n    two\n    lines\n"
        "[1] user\n     [2J\n"
    );
}

TEST_F(Commands, ShowAsJsonHasTheShapesOfTheRestInterface) {
    api_.answer_with(200, "{}");
    EXPECT_EQ(run({"show", "7", "--json"}), kDone);
    EXPECT_EQ(run({"show", "7", "--json", "--from", "2"}), kDone);
    EXPECT_EQ(run({"show", "a/b", "--json"}), kDone);

    ASSERT_EQ(api_.requests().size(), 3u);
    EXPECT_EQ(api_.requests()[0].target, "/conversations/7");
    EXPECT_EQ(api_.requests()[1].target, "/conversations/7/messages?from=2");
    EXPECT_EQ(api_.requests()[2].target, "/conversations/a%2Fb");
    EXPECT_EQ(out(), "{}\n");
}

TEST_F(Commands, ListTellsTheConversationsOwnTime) {
    api_.answer_with(
        200,
        R"([{"id":"1","created_at":"2026-01-01T00:00:00Z","first_message_at":"2024-06-30T22:30:00Z",)"
        R"("last_message_at":"2024-07-01T10:00:00Z","message_count":2,"chunk_count":2}])"
    );
    EXPECT_EQ(run({"list"}), kDone);
    EXPECT_THAT(out(), HasSubstr("1   2024-07-01 12:00 CEST  2 "));
}

TEST_F(Commands, RowsFitTheScreenAndBreakNoWord) {
    std::string text = "Ana:";
    for (int i = 0; i < 60; ++i) text += " wheelbarrows";
    api_.answer_with(
        200,
        R"({"results":[{"conversation_id":"7","message_start":4,"score":0.8,"author_name":"Ana",)"
        R"("text":")" +
            text +
            R"(","original_title":"A rather long title of something",)"
            R"("context":[{"index":3,"author_name":"Bo","content":"where are the wheelbarrows?"}]}]})"
    );
    for (const std::size_t columns : {80U, 140U}) {
        columns_ = columns;
        EXPECT_EQ(run({"search", "wheelbarrows"}), kDone);
        std::istringstream lines(out());
        std::size_t longest = 0;
        for (std::string line; std::getline(lines, line);) {
            longest = std::max(longest, line.size());
            std::istringstream words(line);
            for (std::string word; words >> word;) {
                if (word.starts_with("wh") && word.size() > 5) {
                    EXPECT_TRUE(word.starts_with("wheelbarrows")) << word;
                }
            }
        }
        EXPECT_LE(longest, columns + 2);  // An ellipsis has three bytes.
        EXPECT_GT(longest, columns - 14);
    }
}

TEST_F(Commands, OnATerminalSpeakersAndHitsStandOut) {
    colours_ = true;
    columns_ = 80;
    api_.answer_with(200, R"({"results":[{"conversation_id":"7","message_start":4,"score":0.8,
        "author_name":"Ana","text":"Ana: the Backups moved"}]})");
    EXPECT_EQ(run({"search", "where are backups?"}), kDone);
    EXPECT_THAT(out(), HasSubstr("\x1b[1mAna:\x1b[0m the \x1b[1;33mBackups\x1b[0m moved\n"));

    colours_ = false;
    EXPECT_EQ(run({"search", "where are backups?"}), kDone);
    EXPECT_THAT(out(), testing::Not(HasSubstr("\x1b")));
}

class Delete : public CliTest {
protected:
    Delete() {
        variables_["MCPB_DATA_DIR"] = "/store";
        api_.answer_with([this](const wire::Request& request) -> Result<wire::Response> {
            wire::Response response;
            const bool asked = request.method == "GET";
            response.body = asked ? R"([{"id":"7","original_title":"Backups","message_count":1}])"
                                  : R"({"message":"m","conversation_id":"7","chunks_deleted":4})";
            deleted_ = deleted_ || request.method == "DELETE";
            return response;
        });
    }

    bool deleted_ = false;
};

TEST_F(Delete, NamesWhatItDeletesAndFromWhichStore) {
    EXPECT_EQ(run({"delete", "7"}), kDone);

    ASSERT_EQ(api_.requests().size(), 2U);
    EXPECT_EQ(api_.requests()[0].target, "/conversations?limit=1&conversation_id=7");
    EXPECT_EQ(api_.requests()[1].method, "DELETE");
    EXPECT_EQ(api_.requests()[1].target, "/conversations/7");
    EXPECT_EQ(err(), "deleting conversation 7 \"Backups\" (1 message) from the store in /store\n");
    EXPECT_EQ(out(), "deleted conversation 7 \"Backups\" (1 message), 4 chunks\n");

    EXPECT_EQ(run({"delete", "7", "--json"}), kDone);
    EXPECT_EQ(
        out(),
        R"({"message":"m","conversation_id":"7","chunks_deleted":4})"
        "\n"
    );
}

TEST_F(Delete, AsksOnATerminalUnlessToldNotTo) {
    for (const char* no : {"", "n\n", "\n", "what?\n"}) {
        answers_ = no;
        EXPECT_EQ(run({"delete", "7"}), kFailed);
        EXPECT_THAT(err(), HasSubstr("nothing was deleted"));
        EXPECT_EQ(out(), "");
    }
    EXPECT_FALSE(deleted_);
    answers_ = "y\n";
    EXPECT_EQ(run({"delete", "7"}), kDone);
    EXPECT_TRUE(deleted_);
    answers_ = "";
    EXPECT_EQ(run({"delete", "7", "--yes"}), kDone);
    EXPECT_THAT(err(), testing::Not(HasSubstr("[y/N]")));
}

TEST_F(Delete, DeletesNothingUnasked) {
    answers_ = "";
    api_.answer_with(503, R"({"detail":"busy"})");
    EXPECT_EQ(run({"delete", "7"}), kTemporary);
    EXPECT_EQ(api_.requests().size(), 1U);
}

TEST_F(Commands, VerifyEndsWith1IfTheStoreIsDamaged) {
    api_.answer_with(
        200, R"({"whole":true,"conversations":1,"messages":2,"chunks":3,"problems":[]})"
    );
    EXPECT_EQ(run({"verify"}), kDone);
    EXPECT_EQ(api_.requests()[0].target, wire::kVerifyTarget);
    EXPECT_EQ(out(), "the store is whole: 1 conversations, 2 messages, 3 chunks\n");

    const std::string damaged =
        R"({"whole":false,"conversations":1,"messages":2,"chunks":3,"problems":["chunk 3 has no vector"]})";
    api_.answer_with(200, damaged);
    EXPECT_EQ(run({"verify"}), kFailed);
    EXPECT_EQ(err(), "chunk 3 has no vector\n");
    EXPECT_EQ(run({"verify", "--json"}), kFailed);
    EXPECT_EQ(out(), damaged + "\n");
}

}  // namespace
}  // namespace rag::cli
