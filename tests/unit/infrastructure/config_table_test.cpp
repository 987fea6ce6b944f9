#include "infrastructure/config_table.hpp"

#include <gtest/gtest.h>

#include <set>

#include "infrastructure/config.hpp"

namespace rag {
namespace {

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
