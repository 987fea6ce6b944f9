#include "infrastructure/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "domain/limits.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class ConfigTest : public testing::Test {
protected:
    ~ConfigTest() override {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }

    void environment(const std::string& name, const std::string& value) {
        variables_[name] = value;
    }
    void flag(const std::string& name, const std::string& value) {
        sources_.flags.emplace_back(name, value);
    }
    void env_file(const std::string& text) {
        file_ = std::filesystem::temp_directory_path() /
                ("config_test." + std::to_string(getpid()) + ".env");
        std::ofstream(file_, std::ios::binary) << text;
        sources_.env_file = file_;
    }

    const char* look_up(const char* name) const {
        const auto found = variables_.find(name);
        return found == variables_.end() ? nullptr : found->second.c_str();
    }

    tl::expected<ConfigValues, std::vector<ConfigProblem>> read() {
        sources_.environment = [this](const char* name) { return look_up(name); };
        auto read = read_config(sources_);
        if (!read) return tl::unexpected(read.error());
        warnings_ = std::move(read->warnings);
        return std::move(read->values);
    }

    Config config() {
        const auto values = read();
        EXPECT_TRUE(values) << (values ? "" : to_string(values.error().front()));
        return values ? make_config(*values, sources_.environment) : Config{};
    }

    /// The problems, a line each, with the file's name put as "F".
    std::string problems() {
        const auto values = read();
        if (values) return "none";
        std::string text;
        for (const ConfigProblem& problem : values.error()) text += to_string(problem) + "\n";
        const std::string name = file_.string();
        for (std::size_t at = 0; !name.empty() && (at = text.find(name)) != std::string::npos;) {
            text.replace(at, name.size(), "F");
        }
        return text;
    }

    std::string warnings() {
        EXPECT_TRUE(read());
        std::string text;
        for (const std::string& warning : warnings_) text += warning + "\n";
        return text;
    }

    /// As `mcp` and the commands that people type.
    void leave_plain_names_unread() { sources_.plain_names = false; }
    void store_in(std::filesystem::path folder) {
        sources_.holds_store = [folder](const std::filesystem::path& asked) {
            return asked == folder;
        };
    }
    /// All variables can be listed, as in a real environment.
    void list_variables() {
        sources_.variable_names = [this] {
            std::vector<std::string> names;
            for (const auto& [name, value] : variables_) names.push_back(name);
            return names;
        };
    }

private:
    std::vector<std::string> warnings_;
    std::map<std::string, std::string> variables_ = {{"HOME", "/home/ana"}};
    ConfigSources sources_;
    std::filesystem::path file_;
};

TEST_F(ConfigTest, HasTheDefaultsOfTheContract) {
    const Config config = this->config();

    EXPECT_EQ(config.server.host, "127.0.0.1");
    EXPECT_EQ(config.server.port, 8000);
    EXPECT_EQ(config.server.data_dir, "/home/ana/.local/share/mcp-backend");
    EXPECT_EQ(config.server.log_level, LogLevel::info);
    EXPECT_FALSE(config.server.log_file);
    EXPECT_TRUE(config.server.use_new_architecture);
    EXPECT_GE(config.server.workers, 1u);
    EXPECT_EQ(config.server.drain_delay, 2s);
    EXPECT_EQ(config.server.request_timeout, 30s);
    EXPECT_EQ(config.server.ingest_timeout, 300s);
    EXPECT_EQ(config.database.pool_size, 5u);
    EXPECT_EQ(config.embedding.provider, "local");
    EXPECT_EQ(config.embedding.model, "all-MiniLM-L6-v2");
    EXPECT_EQ(config.search.default_top_k, 10u);
    EXPECT_EQ(config.search.text_language, "auto");
    EXPECT_THAT(config.security.allowed_hosts, ElementsAre("localhost", "127.0.0.1", "[::1]"));
    EXPECT_EQ(config.security.header_timeout, 10s);
    EXPECT_EQ(config.security.connections_max, 1'000u);
    EXPECT_EQ(config.security.inflight_bytes_max, 256u << 20);
}

TEST_F(ConfigTest, DefaultsOfLimitsAreThoseOfTheDomain) {
    const Config config = this->config();

    EXPECT_EQ(config.security.body_bytes_max, limits::kBodyBytesMax);
    EXPECT_EQ(config.security.header_bytes_max, limits::kHeaderBytesMax);
    EXPECT_EQ(config.limits.messages_max, limits::kMessagesMax);
    EXPECT_EQ(config.limits.message_bytes_max, limits::kMessageBytesMax);
    EXPECT_EQ(config.limits.name_characters_max, limits::kNameCharactersMax);
    EXPECT_EQ(config.limits.url_characters_max, limits::kUrlCharactersMax);
    EXPECT_EQ(config.chunking.characters_max, ChunkingLimits{}.characters_max);
    EXPECT_EQ(config.chunking.overlap_characters, ChunkingLimits{}.overlap_characters);
}

TEST_F(ConfigTest, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
    env_file("PORT=1\nLOG_LEVEL=ERROR\nAPP_TITLE=file\n");
    environment("PORT", "2");
    environment("LOG_LEVEL", "warning");
    flag("PORT", "3");

    const Config config = this->config();

    EXPECT_EQ(config.server.port, 3);
    EXPECT_EQ(config.server.log_level, LogLevel::warning);
    EXPECT_EQ(config.server.app_title, "file");
}

TEST_F(ConfigTest, AnEmptyValueIsAnAbsentOne) {
    env_file("PORT=1\n");
    environment("PORT", "");
    flag("PORT", "");
    environment("OPENAI_API_KEY", "");

    EXPECT_EQ(config().server.port, 1);
}

TEST_F(ConfigTest, PutsTheDataWhereTheUserKeepsData) {
    environment("XDG_DATA_HOME", "/data/home");
    EXPECT_EQ(config().server.data_dir, "/data/home/mcp-backend");

    environment("XDG_DATA_HOME", "relative is ignored");
    EXPECT_EQ(config().server.data_dir, "/home/ana/.local/share/mcp-backend");

    environment("DATA_DIR", "~/memory");
    EXPECT_EQ(config().server.data_dir, "/home/ana/memory");

    environment("DATA_DIR", "");
    environment("HOME", "");
    EXPECT_THAT(problems(), HasSubstr("environment: DATA_DIR: there is no HOME"));
}

TEST_F(ConfigTest, NamesThePlaceAndTheNearestKeyOfAnUnknownOne) {
    env_file("PORT=1\n\nDB_POOL_SIZ=5\n");

    EXPECT_EQ(problems(), "F:3: DB_POOL_SIZ: unknown key; did you mean DB_POOL_SIZE?\n");
}

TEST_F(ConfigTest, TellsAllProblemsAtOnceWithTheirPlaces) {
    env_file("PORT=http\nPORT=2\nnonsense\n");
    environment("DB_POOL_SIZE", "0");
    flag("LOG_LEVEL", "loud");

    EXPECT_EQ(
        problems(),
        "F:2: PORT: the key is given twice in this file\n"
        "F:3: not a line of the form NAME=value\n"
        "F:1: PORT: 'http' is not a whole number between 0 and 65535\n"
        "--log-level: LOG_LEVEL: 'loud' is not one of DEBUG, INFO, WARNING, ERROR, CRITICAL\n"
        "environment: DB_POOL_SIZE: '0' is not a whole number between 1 and 256\n"
    );
}

TEST_F(ConfigTest, RefusesWhatIsNotBuiltYetAndNeverShowsASecret) {
    env_file("OPENAI_API_KEY=sk-secret\n");
    environment("DATABASE_URL", "postgresql://user:secret@db/x");
    environment("AUTH_MODE", "api_key");
    environment("REDIS_URL", "redis://:secret@cache");

    const std::string text = problems();

    EXPECT_THAT(text, HasSubstr("OPENAI_API_KEY: needs remote embedding providers"));
    EXPECT_THAT(text, HasSubstr("DATABASE_URL: the value needs PostgreSQL storage"));
    EXPECT_THAT(text, HasSubstr("AUTH_MODE: 'api_key' needs authentication"));
    EXPECT_THAT(text, HasSubstr("REDIS_URL: needs caching of embeddings"));
    EXPECT_THAT(text, Not(HasSubstr("secret")));
}

/// Every key that asks for something missing is refused, so none is accepted and ignored.
TEST_F(ConfigTest, RefusesEveryKeyOfTheTableThatSaysSo) {
    for (const ConfigKey& key : config_keys()) {
        if (key.refuse == Refuse::nothing) continue;
        SCOPED_TRACE(key.name);
        std::string value = "1";
        if (key.type == ConfigType::url) value = "x://y";
        if (key.type == ConfigType::boolean) value = "true";
        if (key.type == ConfigType::choice) value = key.choices.substr(key.choices.rfind('|') + 1);
        env_file(std::string(key.name) + "=" + value + "\n");
        EXPECT_THAT(problems(), HasSubstr("which this version does not have"));
        env_file("");

        environment(std::string(key.name), value);
        EXPECT_EQ(problems() == "none", key.read_by_others);
        environment(std::string(key.name), "");
    }
}

TEST_F(ConfigTest, IgnoresInTheEnvironmentWhatIsThereForOtherPrograms) {
    environment("OPENAI_API_KEY", "sk-secret");
    environment("OPENAI_BASE_URL", "no url");

    const auto values = read();

    ASSERT_TRUE(values) << to_string(values.error().front());
    EXPECT_EQ(values->find("OPENAI_API_KEY")->second.value, "");
    EXPECT_EQ(values->find("OPENAI_API_KEY")->second.where, "default");
    flag("OPENAI_API_KEY", "sk-secret");
    EXPECT_THAT(problems(), HasSubstr("--openai-api-key: OPENAI_API_KEY: needs remote"));
}

TEST_F(ConfigTest, OurOwnNamesWinOverPlainOnesInTheSamePlace) {
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

TEST_F(ConfigTest, AKeyOfOthersIsOursUnderOurName) {
    environment("MCPB_OPENAI_API_KEY", "sk-secret");

    EXPECT_THAT(problems(), HasSubstr("MCPB_OPENAI_API_KEY: OPENAI_API_KEY: needs remote"));
}

/// Whatever other programs put there, be it nonsense to us.
TEST_F(ConfigTest, PlainNamesAreReadOnlyWhereTheyAreMeantForUs) {
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

TEST_F(ConfigTest, TheSwitchMakesEveryCommandReadPlainNames) {
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

TEST_F(ConfigTest, APlainDataFolderIsReadWhereAStoreOfOursLies) {
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

TEST_F(ConfigTest, SaysThatASetDatabaseIsLeftUnread) {
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

TEST_F(ConfigTest, WarnsOfOurNamesThatNameNothing) {
    list_variables();
    environment("MCPB_PROT", "1");
    environment("PROT", "1");
    environment("MCPB_PORT", "1");
    environment("MCPB_PLAIN_NAMES", "true");

    EXPECT_EQ(warnings(), "MCPB_PROT in the environment: unknown key; did you mean MCPB_PORT?\n");
}

TEST_F(ConfigTest, ShowsWhatIsSetButNotReadAndWhatOthersLeaveUnread) {
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

TEST_F(ConfigTest, TakesTheLogLevelInAnyCaseAndWarn) {
    for (const char* word : {"warn", "WARN", "Warning", "wArNiNg"}) {
        environment("LOG_LEVEL", word);
        EXPECT_EQ(config().server.log_level, LogLevel::warning) << word;
    }
    environment("LOG_LEVEL", "Debug");
    EXPECT_EQ(config().server.log_level, LogLevel::debug);
}

TEST_F(ConfigTest, KnowsWhetherTheLogLevelWasSet) {
    EXPECT_FALSE(config().server.log_level_given);

    environment("LOG_LEVEL", "INFO");
    EXPECT_TRUE(config().server.log_level_given);
}

TEST_F(ConfigTest, AnOpenAddressNeedsConsent) {
    environment("HOST", "0.0.0.0");
    EXPECT_THAT(problems(), HasSubstr("environment: HOST: other machines can reach this address"));

    environment("ALLOW_INSECURE_BIND", "true");
    EXPECT_EQ(config().server.host, "0.0.0.0");
}

TEST_F(ConfigTest, LoopbackNeedsNoConsent) {
    for (const char* host : {"localhost", "127.0.0.1", "127.8.9.1", "::1"}) {
        environment("HOST", host);
        EXPECT_EQ(problems(), "none") << host;
    }
    for (const char* host : {"127.evil.example", "10.0.0.1", "::", "localhost.example"}) {
        environment("HOST", host);
        EXPECT_THAT(problems(), HasSubstr("HOST")) << host;
    }
}

TEST_F(ConfigTest, NumbersThatDoNotGoTogetherAreRefused) {
    environment("CHUNK_MAX_CHARS", "100");
    environment("CHUNK_OVERLAP_CHARS", "51");
    environment("MAX_BODY_BYTES", "1048576");
    environment("MAX_MESSAGE_BYTES", "2000000");

    EXPECT_EQ(
        problems(),
        "environment: MAX_MESSAGE_BYTES: 2000000 is larger than MAX_BODY_BYTES (1048576)\n"
        "environment: CHUNK_OVERLAP_CHARS: 51 is more than half of CHUNK_MAX_CHARS (100)\n"
    );
}

TEST_F(ConfigTest, ReadsSecondsWithDecimalsAndLists) {
    environment("DRAIN_DELAY", "0.25");
    environment("ALLOWED_HOSTS", " a.example , b.example:8000,,");

    const Config config = this->config();

    EXPECT_EQ(config.server.drain_delay, 250ms);
    EXPECT_THAT(config.security.allowed_hosts, ElementsAre("a.example", "b.example:8000"));
}

TEST_F(ConfigTest, AFileThatIsNotThereIsAProblem) {
    env_file("PORT=1");
    std::filesystem::remove(
        std::filesystem::temp_directory_path() /
        ("config_test." + std::to_string(getpid()) + ".env")
    );

    EXPECT_EQ(problems(), "F: the file cannot be read\n");
}

TEST_F(ConfigTest, ShowsEveryKeyWithItsSource) {
    env_file("PORT=9\n");
    const auto values = read();
    ASSERT_TRUE(values);

    const std::string text = show_config(*values);

    EXPECT_THAT(text, testing::ContainsRegex("PORT=9 +# .*/config_test"));
    EXPECT_THAT(text, testing::ContainsRegex("HOST=127.0.0.1 +# default"));
    for (const ConfigKey& key : config_keys()) {
        EXPECT_THAT(text, HasSubstr(std::string(key.name) + "="));
    }
}

TEST_F(ConfigTest, MasksSecretsWhenItShows) {
    auto values = read();
    ASSERT_TRUE(values);
    (*values)["OPENAI_API_KEY"] = ConfigValue{"sk-secret", "environment"};

    EXPECT_THAT(show_config(*values), HasSubstr("OPENAI_API_KEY=********"));
    EXPECT_THAT(show_config(*values), Not(HasSubstr("sk-secret")));
    EXPECT_THAT(show_config_json(*values), Not(HasSubstr("sk-secret")));
}

TEST(ConfigTable, EveryFallbackIsAValidValue) {
    // Reading a file that spells out every default must give no problem.
    ConfigSources sources;
    for (const ConfigKey& key : config_keys()) {
        sources.flags.emplace_back(key.name, key.fallback);
    }

    EXPECT_TRUE(read_config(sources));
}

TEST(ConfigTable, EveryKeyIsDescribedAndEveryRefusalSaysWhatIsMissing) {
    for (const ConfigKey& key : config_keys()) {
        EXPECT_GT(key.description.size(), 10u) << key.name;
        EXPECT_FALSE(key.group.empty()) << key.name;
        EXPECT_EQ(key.refuse == Refuse::nothing, key.needs.empty()) << key.name;
        EXPECT_EQ(key.type == ConfigType::choice, !key.choices.empty()) << key.name;
    }
}

/// No key is accepted and then ignored, and no two fill one member.
TEST(ConfigTable, EveryKeyThatIsNotRefusedFillsAMemberOfItsOwn) {
    std::set<void (*)(Config&, const ConfigText&)> filled;
    for (const ConfigKey& key : config_keys()) {
        if (key.refuse == Refuse::nothing && key.name != "ALLOW_INSECURE_BIND") {
            EXPECT_NE(key.fills, nullptr) << key.name;
        }
        const bool first = key.fills == nullptr || filled.insert(key.fills).second;
        EXPECT_TRUE(first) << key.name;
    }
}

TEST(ConfigTable, NearestKeyIsTheOneWithTheFewestChanges) {
    EXPECT_EQ(nearest_config_key("PROT").name, "PORT");
    EXPECT_EQ(nearest_config_key("DBPOOLSIZE").name, "DB_POOL_SIZE");
    EXPECT_EQ(nearest_config_key("DATA_DIRECTORY").name, "DATA_DIR");
    EXPECT_EQ(find_config_key("PROT"), nullptr);
}

}  // namespace
}  // namespace rag
