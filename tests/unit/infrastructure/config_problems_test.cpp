#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config_reading.hpp"
#include "infrastructure/config_table.hpp"

namespace rag {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigProblems : public test::ConfigReading {};

TEST_F(ConfigProblems, NamesThePlaceAndTheNearestKeyOfAnUnknownOne) {
    env_file("PORT=1\n\nDB_POOL_SIZ=5\n");

    EXPECT_EQ(problems(), "F:3: DB_POOL_SIZ: unknown key; did you mean DB_POOL_SIZE?\n");
}

TEST_F(ConfigProblems, TellsAllProblemsAtOnceWithTheirPlaces) {
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

TEST_F(ConfigProblems, RefusesWhatIsNotBuiltYetAndNeverShowsASecret) {
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

TEST_F(ConfigProblems, RefusesEveryKeyOfTheTableThatSaysSo) {
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

TEST_F(ConfigProblems, AnOpenAddressNeedsConsent) {
    environment("HOST", "0.0.0.0");
    EXPECT_THAT(problems(), HasSubstr("environment: HOST: other machines can reach this address"));

    environment("ALLOW_INSECURE_BIND", "true");
    EXPECT_EQ(config().server.host, "0.0.0.0");
}

TEST_F(ConfigProblems, LoopbackNeedsNoConsent) {
    for (const char* host : {"localhost", "127.0.0.1", "127.8.9.1", "::1"}) {
        environment("HOST", host);
        EXPECT_EQ(problems(), "none") << host;
    }
    for (const char* host : {"127.evil.example", "10.0.0.1", "::", "localhost.example"}) {
        environment("HOST", host);
        EXPECT_THAT(problems(), HasSubstr("HOST")) << host;
    }
}

TEST_F(ConfigProblems, NumbersThatDoNotGoTogetherAreRefused) {
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

TEST_F(ConfigProblems, AFileThatIsNotThereIsAProblem) {
    env_file("PORT=1");
    std::filesystem::remove(
        std::filesystem::temp_directory_path() /
        ("config_test." + std::to_string(getpid()) + ".env")
    );

    EXPECT_EQ(problems(), "F: the file cannot be read\n");
}

TEST_F(ConfigProblems, NameAWrongTimeZoneWithItsPlaceAndWhatIsRight) {
    refuse_time_zone("Europe/Berlln", "must be an IANA time zone, like Europe/Berlin or UTC");
    env_file("PORT=8001\nDEFAULT_TIMEZONE=Europe/Berlln\n");

    EXPECT_EQ(
        problems(),
        "F:2: DEFAULT_TIMEZONE: 'Europe/Berlln' must be an IANA time zone, like Europe/Berlin or "
        "UTC\n"
    );
    env_file("DEFAULT_TIMEZONE=Europe/Berlin\n");
    EXPECT_EQ(problems(), "none");
}

}  // namespace
}  // namespace rag
