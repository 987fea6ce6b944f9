#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_reading.hpp"
#include "domain/limits.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class ConfigTest : public test::ConfigReading {};

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

TEST_F(ConfigTest, ReadsSecondsWithDecimalsAndLists) {
    environment("DRAIN_DELAY", "0.25");
    environment("ALLOWED_HOSTS", " a.example , b.example:8000,,");

    const Config config = this->config();

    EXPECT_EQ(config.server.drain_delay, 250ms);
    EXPECT_THAT(config.security.allowed_hosts, ElementsAre("a.example", "b.example:8000"));
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

}  // namespace
}  // namespace rag
