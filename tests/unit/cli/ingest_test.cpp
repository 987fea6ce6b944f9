#include <set>

#include "cli_fixture.hpp"

namespace rag::cli {
namespace {

using testing::HasSubstr;

/// Answers a batch as the application does: "bad" lines fail, "same" ones are duplicates.
Result<wire::Response> answer_batch(const wire::Request& request) {
    wire::Response response;
    std::istringstream lines(request.body.text());
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        const std::string start = "{\"line\":" + std::to_string(number) + ",";
        if (line.find("bad") != std::string::npos) {
            response.body += start + R"("status":400,"error":{"detail":"invalid","errors":[)"
                                     R"({"pointer":"/messages","message":"must not be empty"}]}})"
                                     "\n";
            continue;
        }
        const bool same = line.find("same") != std::string::npos;
        response.body += start + R"("status":201,"conversation_id":"1","duplicate":)" +
                         (same ? "true" : "false") + R"(,"messages":3,"chunks":5})" + "\n";
    }
    return response;
}

using Ingest = CliTest;

TEST_F(Ingest, TellsWhatWasUnderstoodInAnotherWay) {
    api_.answer_with(
        200,
        R"({"line":1,"status":201,"messages":1,"chunks":1,"notes":[{"pointer":"/messages/0/ts",)"
        R"("note":"read as 2025-11-07T14:40:00.000Z"}],"notes_total":1})"
        "\n"
    );
    const std::string path = file("a.jsonl", "{}\n");

    EXPECT_EQ(run({"ingest", path}), kDone);
    EXPECT_THAT(err(), HasSubstr(path + ":1 /messages/0/ts: read as 2025-11-07T14:40:00.000Z"));
    EXPECT_EQ(run({"ingest", path, "--json"}), kDone);
    EXPECT_THAT(out(), HasSubstr(R"("pointer":"/messages/0/ts")"));
    EXPECT_THAT(out(), HasSubstr(R"("notes_total":1})"));
}

TEST_F(Ingest, SendsAllLinesUnderOneKeyAndAddsUp) {
    std::string lines;
    for (int i = 0; i < 5'000; ++i) lines += "{\"new\":" + std::to_string(i) + "}\n";
    lines += "{\"same\":1}\n";
    api_.answer_with(answer_batch);

    EXPECT_EQ(run({"ingest", file("a.jsonl", lines), "--json"}), kDone);

    EXPECT_EQ(
        out(),
        "{\"conversations\":5000,\"messages\":15000,\"chunks\":25000,\"duplicates\":1,"
        "\"failed\":0}\n"
    );
    std::set<std::string> keys;
    std::string sent;
    for (const wire::Request& request : api_.requests()) {
        EXPECT_EQ(request.method, "POST");
        EXPECT_EQ(request.target, "/ingest/batch");
        EXPECT_EQ(request.header("Content-Type"), "application/x-ndjson");
        EXPECT_EQ(request.header(wire::kFirstLineHeader), "1");
        keys.emplace(request.header(wire::kForwardKeyHeader));
        sent += request.body.text();
    }
    EXPECT_EQ(keys.size(), 1U);
    EXPECT_FALSE(keys.contains(""));
    EXPECT_EQ(sent, lines);
}

TEST_F(Ingest, SendsWhatHasNoAnswerAgainWhenTheOwnerGoesAway) {
    // The first owner answers two lines of four and is gone, the second none; the third does it.
    int owners = 0;
    api_.answer_streams_with([&](const wire::Request& request, StreamedCall& call) {
        ++owners;
        Result<wire::Response> response = answer_batch(request);
        if (owners == 3) {
            call.take(response->body);
            return response;
        }
        if (owners == 1) {
            const std::size_t second = response->body.find('\n', response->body.find('\n') + 1);
            call.take(response->body.substr(0, second + 10));  // And a part of the third.
        }
        return Result<wire::Response>(fail(ErrorCode::unavailable, "the owner is gone"));
    });
    const std::string path = file("a.jsonl", "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":4}\n");

    EXPECT_EQ(run({"ingest", path}), kDone);

    EXPECT_THAT(out(), HasSubstr("stored 4 conversations"));
    ASSERT_EQ(api_.requests().size(), 3U);
    const std::vector<wire::Request>& requests = api_.requests();
    EXPECT_EQ(requests[1].body.text(), "{\"c\":3}\n{\"d\":4}\n");
    EXPECT_EQ(requests[1].header(wire::kFirstLineHeader), "3");
    EXPECT_EQ(requests[2].body.text(), requests[1].body.text());
    EXPECT_EQ(
        requests[2].header(wire::kForwardKeyHeader), requests[0].header(wire::kForwardKeyHeader)
    );
}

TEST_F(Ingest, GivesUpWhenNoOwnerAnswersALine) {
    api_.answer_streams_with([](const wire::Request&, StreamedCall&) {
        return Result<wire::Response>(fail(ErrorCode::unavailable, "the owner is gone"));
    });

    EXPECT_EQ(run({"ingest", file("a.jsonl", "{\"new\":1}\n")}), kTemporary);

    EXPECT_EQ(err(), "mcp-backend: the owner is gone\n");
    EXPECT_EQ(api_.requests().size(), 10U);
}

TEST_F(Ingest, TellsTheLineThatFailedAndWhyAndStoresItsNeighbours) {
    api_.answer_with(answer_batch);
    const std::string path = file("a.jsonl", "{\"new\":1}\n\n{\"bad\":1}\n{\"new\":2}\n");

    EXPECT_EQ(run({"ingest", path}), kFailed);

    EXPECT_EQ(err(), path + ":3: must not be empty (/messages)\n");
    EXPECT_THAT(out(), HasSubstr("stored 2 conversations (6 messages, 10 chunks)"));
    EXPECT_THAT(out(), HasSubstr("1 failed"));
}

TEST_F(Ingest, JsonHasAnEntryForEachLineThatFailed) {
    api_.answer_with(answer_batch);
    const std::string path = file("a.jsonl", "{\"new\":1}\n{\"bad\":1}\n");

    EXPECT_EQ(run({"ingest", path, "--json"}), kFailed);

    EXPECT_EQ(
        out(),
        "{\"conversations\":1,\"messages\":3,\"chunks\":5,\"duplicates\":0,\"failed\":1,"
        "\"failures\":[{\"place\":\"" +
            path + ":2\",\"message\":\"must not be empty (/messages)\"}]}\n"
    );
}

TEST_F(Ingest, WhenInterruptedItTellsWhatIsStoredAndWhatIsNot) {
    bool stop = false;
    program_.interrupted = [&stop] { return stop; };
    api_.answer_with([&stop](const wire::Request& request) {
        stop = true;
        return answer_batch(request);
    });
    std::string lines;
    for (int i = 1; i <= 3'000; ++i) lines += "{\"new\":" + std::to_string(i) + "}\n";
    const std::string path = file("a.jsonl", lines);

    EXPECT_EQ(run({"ingest", path}), kFailed);

    EXPECT_THAT(out(), HasSubstr("stored 1024 conversations (3072 messages, 5120 chunks)"));
    EXPECT_THAT(out(), HasSubstr("0 failed"));
    EXPECT_THAT(err(), HasSubstr("interrupted after " + path + ":1024; ingest the same files"));
}

TEST_F(Ingest, NamesWhatItCannotReadAndWhatIsUnderstood) {
    api_.answer_with(answer_batch);
    struct Foreign {
        const char* name;
        std::string content;
        const char* told;
    };
    const std::vector<Foreign> files = {
        {"a.zip", std::string("PK\x03\x04") + "x", "a ZIP archive"},
        {"b.json.gz", "\x1f\x8b\x08", "zcat"},
        {"c.csv", "role,content\nuser,hello\n", "the file is no JSON"},
        {"chatgpt.json", R"([{"title":"t","mapping":{}}])", "an export of ChatGPT"},
        {"claude.json", R"([{"uuid":"u","name":"n","chat_messages":[]}])", "an export of Claude"},
        {"claude.jsonl", R"({"uuid":"u","chat_messages":[]})", "an export of Claude"},
        {"slack.json", R"([{"type":"message","user":"U1","text":"hi","ts":"1.2"}])", "of Slack"},
    };
    for (const Foreign& each : files) {
        const std::string path = file(each.name, each.content);
        EXPECT_EQ(run({"ingest", path}), kFailed) << path;
        EXPECT_THAT(err(), testing::StartsWith(path + ": ")) << path;
        EXPECT_THAT(err(), HasSubstr(each.told)) << path;
        EXPECT_THAT(err(), HasSubstr("Understood are NDJSON")) << path;
    }
    EXPECT_EQ(run({"ingest", folder_.string()}), kFailed);
    EXPECT_THAT(err(), HasSubstr(folder_.string() + ": a folder cannot be read; name its files."));
    // What follows such a file is stored.
    EXPECT_EQ(run({"ingest", file("c.csv", "a,b\n"), file("d.jsonl", "{\"new\":1}\n")}), kFailed);
    EXPECT_THAT(out(), HasSubstr("stored 1 conversations"));
}

TEST_F(Ingest, SaysWhatToDoWithKnownNamesAndWhichOnesGrew) {
    api_.answer_with(
        200,
        "{\"line\":1,\"status\":200,\"extended\":true,\"messages_added\":2,\"messages\":9,"
        "\"chunks\":9}\n"
    );
    const std::string path = file("a.jsonl", "{\"new\":1}\n");

    EXPECT_EQ(run({"ingest", "--if-exists", "replace", path}), kDone);
    EXPECT_EQ(api_.requests()[0].target, "/ingest/batch?if_exists=replace");
    EXPECT_THAT(
        out(), HasSubstr("stored 0 conversations (2 messages, 0 chunks); 1 known ones grew")
    );

    EXPECT_EQ(run({"ingest", path, "--json"}), kDone);
    EXPECT_EQ(api_.requests()[1].target, "/ingest/batch");
    EXPECT_THAT(out(), HasSubstr("\"failed\":0,\"extended\":1}"));
}

TEST_F(Ingest, KeepsFewBytesWithoutAnAnswer) {
    api_.answer_with(answer_batch);
    const std::string line = "{\"new\":\"" + std::string(1'500'000, 'x') + "\"}\n";

    EXPECT_EQ(run({"ingest", file("a.jsonl", line + line + line + line)}), kDone);

    for (const wire::Request& request : api_.requests()) {
        EXPECT_LE(request.body.size(), 4u << 20);
    }
    EXPECT_EQ(api_.requests().size(), 2u);
}

TEST_F(Ingest, ALineThatIsLargerGoesAlone) {
    api_.answer_with(answer_batch);
    const std::string large = "{\"new\":\"" + std::string(5'000'000, 'x') + "\"}\n";

    EXPECT_EQ(run({"ingest", file("a.jsonl", "{\"new\":1}\n" + large + "{\"new\":2}\n")}), kDone);

    EXPECT_THAT(out(), HasSubstr("stored 3 conversations"));
    EXPECT_EQ(api_.requests().size(), 3u);
}

TEST_F(Ingest, StopsWhenTheApplicationDoesNotAnswer) {
    api_.answer_with(503, R"({"detail":"The model is loading."})");

    EXPECT_EQ(run({"ingest", file("a.jsonl", "{\"new\":1}\n")}), kTemporary);

    EXPECT_EQ(err(), "mcp-backend: The model is loading.\n");
}

TEST_F(Ingest, CountsLinesWithoutAnAnswerAsFailed) {
    api_.answer_with(200, "{\"line\":1,\"status\":201,\"messages\":1,\"chunks\":1}\n");
    const std::string path = file("a.jsonl", "{\"new\":1}\n{\"new\":2}\n");

    EXPECT_EQ(run({"ingest", path}), kFailed);

    EXPECT_EQ(err(), path + ":2: no answer came; ingest the file again\n");
}

TEST_F(Ingest, AMissingFileFailsButWhatCameBeforeIsStored) {
    api_.answer_with(answer_batch);
    const std::string first = file("a.jsonl", "{\"new\":1}\n");

    EXPECT_EQ(run({"ingest", first, first + ".missing", "--json"}), kFailed);

    EXPECT_THAT(out(), HasSubstr("\"conversations\":1,"));
    EXPECT_THAT(err(), HasSubstr(".missing: the file cannot be read"));
}

}  // namespace
}  // namespace rag::cli
