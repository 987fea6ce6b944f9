#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_reading.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigNames : public test::ConfigReading {};

TEST_F(ConfigNames, IgnoresInTheEnvironmentWhatIsThereForOtherPrograms) {
    environment("OPENAI_API_KEY", "sk-secret");
    environment("OPENAI_BASE_URL", "no url");

    const auto values = read();

    ASSERT_TRUE(values) << to_string(values.error().front());
    EXPECT_EQ(values->find("OPENAI_API_KEY")->second.value, "");
    EXPECT_EQ(values->find("OPENAI_API_KEY")->second.where, "default");
    flag("OPENAI_API_KEY", "sk-secret");
    EXPECT_THAT(problems(), HasSubstr("--openai-api-key: OPENAI_API_KEY: needs remote"));
}

TEST_F(ConfigNames, OurOwnNamesWinOverPlainOnesInTheSamePlace) {
    environment("PORT", "1");
    environment("MCPB_PORT", "2");
    EXPECT_EQ(config().server.port, 2);
    EXPECT_EQ(read()->find("PORT")->second.where, "MCPB_PORT");

    environment("PORT", "nonsense");
    EXPECT_EQ(config().server.port, 2);
    environment("MCPB_PORT", "nonsense");
    EXPECT_THAT(problems(), HasSubstr("MCPB_PORT: PORT: 'nonsense' is not a whole number"));

    environment("PORT", "");
    environment("MCPB_PORT", "");
    env_file("MCPB_PORT=3\nPORT=4\nMCPB_APP_TITLE=\nAPP_TITLE=plain\n");
    EXPECT_EQ(config().server.port, 3);
    EXPECT_EQ(config().server.app_title, "plain");
    env_file("PORT=4\nMCPB_PORT=3\n");
    EXPECT_EQ(config().server.port, 3);
    env_file("MCPB_PROT=3\n");
    EXPECT_EQ(problems(), "F:1: MCPB_PROT: unknown key; did you mean MCPB_PORT?\n");
}

TEST_F(ConfigNames, AKeyOfOthersIsOursUnderOurName) {
    environment("MCPB_OPENAI_API_KEY", "sk-secret");

    EXPECT_THAT(problems(), HasSubstr("MCPB_OPENAI_API_KEY: OPENAI_API_KEY: needs remote"));
}

/// Whatever other programs put there, be it nonsense to us.

TEST_F(ConfigNames, PlainNamesAreReadOnlyWhereTheyAreMeantForUs) {
    leave_plain_names_unread();
    for (const ConfigKey& key : config_keys()) environment(std::string(key.name), "x\x01y");
    EXPECT_EQ(config().server.port, 8000);
    EXPECT_EQ(config().server.data_dir, "/home/ana/.local/share/mcp-backend");

    environment("MCPB_PORT", "1");
    EXPECT_EQ(config().server.port, 1);
    env_file("APP_TITLE=file\nHOST=127.0.0.9\n");
    flag("HOST", "127.0.0.3");
    EXPECT_EQ(config().server.app_title, "file");
    EXPECT_EQ(config().server.host, "127.0.0.3");
}

TEST_F(ConfigNames, TheSwitchMakesEveryCommandReadPlainNames) {
    leave_plain_names_unread();
    environment("PORT", "7");
    EXPECT_EQ(config().server.port, 8000);

    environment("MCPB_PLAIN_NAMES", "True");
    EXPECT_EQ(config().server.port, 7);
    environment("MCPB_PLAIN_NAMES", "false");
    EXPECT_EQ(config().server.port, 8000);
    environment("MCPB_PLAIN_NAMES", "perhaps");
    EXPECT_THAT(problems(), HasSubstr("MCPB_PLAIN_NAMES: 'perhaps' is neither true nor false"));
    environment("MCPB_PLAIN_NAMES", "");
    env_file("MCPB_PLAIN_NAMES=yes\n");
    EXPECT_EQ(config().server.port, 7);
}

TEST_F(ConfigNames, APlainDataFolderIsReadWhereAStoreOfOursLies) {
    leave_plain_names_unread();
    store_in("/home/ana/memory");
    environment("DATA_DIR", "~/memory");
    EXPECT_EQ(config().server.data_dir, "/home/ana/memory");
    EXPECT_THAT(warnings(), HasSubstr("set MCPB_DATA_DIR instead"));

    environment("DATA_DIR", "/srv/data of another program");
    EXPECT_EQ(config().server.data_dir, "/home/ana/.local/share/mcp-backend");
    EXPECT_THAT(warnings(), HasSubstr("DATA_DIR in the environment is left unread"));

    environment("DATA_DIR", "~/memory");
    environment("MCPB_DATA_DIR", "/elsewhere");
    EXPECT_EQ(config().server.data_dir, "/elsewhere");
    EXPECT_EQ(warnings(), "");
}

TEST_F(ConfigNames, SaysThatASetDatabaseIsLeftUnread) {
    leave_plain_names_unread();
    environment("DATABASE_URL", "postgres://user:secret@db/x");
    environment("REDIS_URL", "redis://x");
    EXPECT_THAT(warnings(), HasSubstr("DATABASE_URL in the environment is left unread"));
    EXPECT_THAT(warnings(), HasSubstr("MCPB_DATABASE_URL"));
    EXPECT_THAT(warnings(), Not(HasSubstr("secret")));
    EXPECT_THAT(warnings(), Not(HasSubstr("REDIS")));

    environment("DATABASE_URL", "sqlite:///");
    EXPECT_EQ(warnings(), "");
}

TEST_F(ConfigNames, WarnsOfOurNamesThatNameNothing) {
    list_variables();
    environment("MCPB_PROT", "1");
    environment("PROT", "1");
    environment("MCPB_PORT", "1");
    environment("MCPB_PLAIN_NAMES", "true");

    EXPECT_EQ(warnings(), "MCPB_PROT in the environment: unknown key; did you mean MCPB_PORT?\n");
}

TEST_F(ConfigNames, ShowsWhatIsSetButNotReadAndWhatOthersLeaveUnread) {
    environment("PORT", "1");
    environment("HOST", "127.0.0.2");
    environment("MCPB_HOST", "127.0.0.3");
    environment("OPENAI_API_KEY", "sk-secret");
    const auto values = read();
    ASSERT_TRUE(values);

    const std::string text = show_config(*values);
    EXPECT_THAT(text, testing::ContainsRegex("PORT=1 +# environment \\(\\*\\)\n"));
    EXPECT_THAT(text, testing::ContainsRegex("HOST=127.0.0.3 +# MCPB_HOST\n"));
    EXPECT_THAT(text, HasSubstr("# not read: HOST: MCPB_HOST wins over it\n"));
    EXPECT_THAT(text, HasSubstr("# not read: OPENAI_API_KEY: it is for other programs"));
    EXPECT_THAT(text, HasSubstr("# (*) `mcp`, `search`, "));
    EXPECT_THAT(check_config(*values), HasSubstr("# PORT comes from the environment (*)\n"));
    EXPECT_THAT(show_config_json(*values), HasSubstr(R"("left_unread_by_others":true)"));
    EXPECT_THAT(
        check_config_json(*values),
        testing::AllOf(
            testing::StartsWith(R"({"valid":true,"problems":[],"unread":[{"name":"HOST",)"),
            testing::EndsWith(R"("left_unread_by_others":["PORT"]})"),
            Not(HasSubstr("sk-secret"))
        )
    );

    environment("MCPB_PLAIN_NAMES", "true");
    EXPECT_THAT(show_config(*read()), Not(HasSubstr("(*)")));
}

}  // namespace
}  // namespace rag
