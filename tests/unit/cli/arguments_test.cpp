#include <algorithm>

#include "cli_fixture.hpp"
#include "infrastructure/config_table.hpp"
#include "infrastructure/environment_names.hpp"

namespace rag::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

using Arguments = CliTest;

TEST_F(Arguments, FlagsOfTheTableStandBeforeOrAfterTheCommand) {
    EXPECT_EQ(run({"serve", "--port", "9001"}), kDone);
    EXPECT_EQ(started_, "serve on port 9001");
    EXPECT_EQ(run({"--port=9002", "serve"}), kDone);
    EXPECT_EQ(started_, "serve on port 9002");
    EXPECT_EQ(run({"mcp", "--data-dir", "/x"}), kDone);
    EXPECT_EQ(started_, "mcp in /x");
    EXPECT_EQ(out(), "");
}

TEST_F(Arguments, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
    const std::string path = file(".env", "PORT=1\n");
    EXPECT_EQ(run({"serve", "--env-file", path}), kDone);
    EXPECT_EQ(started_, "serve on port 1");

    variables_["PORT"] = "2";
    EXPECT_EQ(run({"serve", "--env-file", path}), kDone);
    EXPECT_EQ(started_, "serve on port 2");

    EXPECT_EQ(run({"serve", "--env-file", path, "--port", "3"}), kDone);
    EXPECT_EQ(started_, "serve on port 3");
}

TEST_F(Arguments, AWrongCommandLineEndsWith2AndSaysSoOnStderrOnly) {
    const std::vector<std::vector<std::string>> lines = {
        {},
        {"nonsense"},
        {"serve", "--no-such-flag"},
        {"search"},
        {"search", "--top-k", "3"},
        {"show"},
        {"show", "1", "2"},
        {"search", "x", "--top-k", "many"},
        {"search", "x", "--top-k"},
        {"config"},
        {"config", "change"},
        {"serve", "--port", "1", "--port", "2"},
    };
    for (const auto& line : lines) {
        EXPECT_EQ(run(line), kUsage) << testing::PrintToString(line);
        EXPECT_EQ(out(), "") << testing::PrintToString(line);
        EXPECT_NE(err(), "") << testing::PrintToString(line);
    }
    EXPECT_TRUE(api_.requests().empty());
}

TEST_F(Arguments, AWrongConfigurationEndsWith2BeforeAnythingStarts) {
    variables_["PORT"] = "http";
    EXPECT_EQ(run({"serve"}), kUsage);
    EXPECT_EQ(started_, "");
    EXPECT_THAT(err(), HasSubstr("mcp-backend: environment: PORT: 'http' is not a whole number"));

    variables_ = {{"HOME", "/h"}, {"MCPB_REDIS_URL", "redis://:secret@cache"}};
    EXPECT_EQ(run({"search", "x"}), kUsage);
    EXPECT_THAT(err(), HasSubstr("REDIS_URL"));
    EXPECT_THAT(err(), Not(HasSubstr("secret")));
}

TEST_F(Arguments, HelpListsEveryKeyThatCanBeAFlagAndNoSecret) {
    EXPECT_EQ(run({"--help"}), kDone);

    EXPECT_EQ(err(), "");
    for (const ConfigKey& key : config_keys()) {
        if (key.secret || key.refuse == Refuse::any_value) continue;
        EXPECT_THAT(out(), HasSubstr(std::string(key.name)));
    }
    EXPECT_THAT(out(), Not(HasSubstr("--openai-api-key")));
    for (const char* command :
         {"serve",
          "mcp",
          "ingest",
          "search",
          "show",
          "list",
          "delete",
          "eval",
          "verify",
          "healthcheck",
          "config",
          "migrate",
          "backup",
          "restore",
          "reembed",
          "export",
          "import",
          "keys"}) {
        EXPECT_THAT(out(), HasSubstr(std::string("  ") + command + " "));
    }
}

TEST_F(Arguments, HelpOfACommandTellsTheParametersOfTheTable) {
    EXPECT_EQ(run({"search", "--help"}), kDone);
    EXPECT_THAT(out(), testing::ContainsRegex("--top-k N +Results wanted, 1 to 100. Default: V"));
    EXPECT_THAT(out(), testing::ContainsRegex("--mode hybrid.dense.lexical"));
    EXPECT_THAT(out(), testing::ContainsRegex("--date-from DATE"));
    EXPECT_THAT(out(), testing::ContainsRegex("--explain +Tells how"));
    EXPECT_EQ(run({"list", "--help"}), kDone);
    EXPECT_THAT(out(), testing::ContainsRegex("--limit N +Conversations wanted, 1 to 100. Defaul"));
    EXPECT_THAT(out(), testing::ContainsRegex("--conversation-id ID"));
    EXPECT_EQ(run({"show", "--help"}), kDone);
    EXPECT_THAT(out(), testing::ContainsRegex("--from N"));
}

TEST_F(Arguments, TellsItsVersion) {
    EXPECT_EQ(run({"--version"}), kDone);
    EXPECT_EQ(out(), "mcp-backend 1.0.0\n");
}

TEST_F(Arguments, CommandsOfLaterVersionsAreRefused) {
    for (const char* command : {"backup", "restore", "reembed", "export", "import", "keys"}) {
        EXPECT_EQ(run({command, "some", "--thing"}), kUsage);
        EXPECT_THAT(err(), HasSubstr(std::string("`") + command + "` is not in this version"));
        EXPECT_EQ(out(), "");
    }
}

TEST_F(Arguments, ConfigCheckSaysWhatIsWrongAndWhere) {
    EXPECT_EQ(run({"config", "check"}), kDone);
    EXPECT_EQ(out(), "the configuration is valid\n");

    const std::string bad = file("bad.env", "PORT=1\nPROT=2\n");
    EXPECT_EQ(run({"config", "check", "--env-file", bad}), kUsage);
    EXPECT_EQ(err(), "mcp-backend: " + bad + ":2: PROT: unknown key; did you mean PORT?\n");

    EXPECT_EQ(run({"config", "check", "--json", "--env-file", bad}), kUsage);
    EXPECT_EQ(
        out(),
        R"({"valid":false,"problems":[{"where":")" + bad +
            R"(:2","key":"PROT",)"
            R"("message":"unknown key; did you mean PORT?","nearest":"PORT"}]})"
            "\n"
    );

    EXPECT_EQ(run({"config", "check", "--env-file", bad + ".missing"}), kFailed);
}

TEST_F(Arguments, ConfigShowTellsValuesAndSources) {
    EXPECT_EQ(run({"config", "show", "--port", "9"}), kDone);
    EXPECT_THAT(out(), testing::ContainsRegex("PORT=9 +# --port\n"));
    EXPECT_THAT(out(), HasSubstr("DATA_DIR=/home/ana/.local/share/mcp-backend"));

    EXPECT_EQ(run({"config", "show", "--json"}), kDone);
    EXPECT_THAT(out(), HasSubstr(R"("PORT":{"value":"8000","from":"default"})"));
}

TEST_F(Arguments, TheListOfNamesHasEveryCommandOfTheHelp) {
    EXPECT_EQ(run({"--help"}), kDone);
    std::istringstream lines(out().substr(out().find("Subcommands:")));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line) && line.starts_with("  ")) {
        std::istringstream words(line);
        std::string command;
        words >> command;
        const bool later = line.find("not in this version") != std::string::npos;
        const bool listed = std::ranges::any_of(command_names(), [&](const CommandNames& each) {
            return each.command == command || each.command.starts_with(command + " ");
        });
        EXPECT_NE(later, listed) << line;
    }
}

TEST_F(Arguments, EachCommandReadsTheNamesThatTheListSays) {
    api_.answer_with(200, "{}");
    variables_["PORT"] = "http";
    for (const CommandNames& each : command_names()) {
        std::vector<std::string> line;
        std::istringstream words{std::string(each.command)};
        for (std::string word; words >> word;) line.push_back(word);
        for (const char* argument : {"ingest", "search", "show", "delete", "eval"}) {
            if (each.command == argument) line.push_back("1");
        }
        if (each.command == "healthcheck") line.insert(line.end(), {"--port", "1"});
        const int code = run(line);
        EXPECT_EQ(code == kUsage, each.plain) << each.command << ": " << err();
    }
}

TEST_F(Arguments, ACommandSaysThatItLeavesTheDatabaseUnread) {
    api_.answer_with(200, "[]");
    variables_["DATABASE_URL"] = "postgres://u:p@db/x";
    EXPECT_EQ(run({"list", "--json"}), kDone);
    EXPECT_EQ(out(), "[]\n");
    EXPECT_THAT(err(), HasSubstr("DATABASE_URL in the environment is left unread"));
    EXPECT_EQ(run({"mcp"}), kDone);
    EXPECT_THAT(err(), HasSubstr("DATABASE_URL"));
    EXPECT_EQ(run({"verify"}), kUsage);
}

TEST_F(Arguments, SaysWhatWasProbablyMeant) {
    struct Slip {
        std::vector<std::string> line;
        const char* told;
    };
    const std::vector<Slip> slips = {
        {{"serach", "x"}, "unknown command 'serach'; did you mean `search`?"},
        {{"nonsense", "--help"}, "unknown command 'nonsense'\n"},
        {{"--port", "1", "lst"}, "unknown command 'lst'; did you mean `list`?"},
        {{"--port=1", "--help", "lst"}, "unknown command 'lst'; did you mean `list`?"},
        {{"rm", "7"}, "unknown command 'rm'; did you mean `delete`?"},
        {{"config", "shwo", "--help"}, "unknown command 'config shwo'; did you mean `show`?"},
        {{"search", "x", "--topk", "3"}, "unknown option --topk; did you mean `--top-k`?"},
        {{"search", "x", "--autor-name=Ana"},
         "unknown option --autor-name; did you mean `--author-name`?"},
        {{"serve", "--prot", "9"}, "unknown option --prot; did you mean `--port`?"},
        {{"list", "--completely-else"}, "unknown option --completely-else\n"},
        {{"show", "1", "2"}, "not expected: 2"},
    };
    for (const Slip& slip : slips) {
        EXPECT_EQ(run(slip.line), kUsage) << testing::PrintToString(slip.line);
        EXPECT_THAT(err(), HasSubstr(slip.told));
        EXPECT_EQ(out(), "");
    }
    EXPECT_TRUE(api_.requests().empty());
    EXPECT_EQ(run({"search", "--help"}), kDone);
    EXPECT_EQ(run({"--help"}), kDone);
}

TEST_F(Arguments, TextWhoseBytesAreNotUtf8IsToldSo) {
    EXPECT_EQ(run({"search", "caf\xe9"}), kUsage);
    EXPECT_THAT(err(), HasSubstr("QUERY is not UTF-8"));
    EXPECT_EQ(run({"list", "--author-name", "J\xf6rg"}), kUsage);
    EXPECT_THAT(err(), HasSubstr("--author-name is not UTF-8"));
    EXPECT_TRUE(api_.requests().empty());
}

TEST_F(Arguments, MigrateTellsTheVersions) {
    EXPECT_EQ(run({"migrate"}), kDone);
    EXPECT_EQ(out(), "schema version 1 -> 3\n");
    EXPECT_EQ(run({"migrate", "--json"}), kDone);
    EXPECT_EQ(out(), "{\"version_before\":1,\"version_after\":3}\n");

    program_.migrate = [](const Config&) -> Result<MigrateReport> {
        return fail(ErrorCode::conflict, "process 7 owns the data folder");
    };
    EXPECT_EQ(run({"migrate"}), kTemporary);
    EXPECT_EQ(err(), "mcp-backend: process 7 owns the data folder\n");
}

TEST_F(Arguments, ADataFolderThatCannotBeReachedIsToldWithItsCode) {
    connect_error_ = Error{ErrorCode::unavailable, "the owner does not answer", {}};
    EXPECT_EQ(run({"list"}), kTemporary);
    connect_error_ = Error{ErrorCode::internal, "the folder is on a network file system", {}};
    EXPECT_EQ(run({"list"}), kFailed);
    EXPECT_EQ(err(), "mcp-backend: the folder is on a network file system\n");
}

}  // namespace
}  // namespace rag::cli
