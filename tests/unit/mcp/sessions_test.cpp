#include "sessions.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rag::mcp {
namespace {

using std::chrono::hours;

class SessionIdsTest : public testing::Test {
protected:
    std::string made() const { return SessionIds::make(key, tenant, Revision::v2025_06_18, now); }

    Timestamp after(std::chrono::milliseconds time) const { return {now.ms + time.count()}; }

    const encoding::Digest key = encoding::sha256("the store's");
    const TenantId tenant{"one"};
    const Timestamp now{1'765'000'000'000};
    const SessionIds sessions{hours(24)};
};

TEST_F(SessionIdsTest, AnyNodeOfTheStoreTakesAnId) {
    const std::string id = made();
    const SessionIds elsewhere(hours(24));

    EXPECT_EQ(elsewhere.revision_of(id, key, tenant, after(hours(23))), Revision::v2025_06_18);
    EXPECT_NE(made(), id);
}

TEST_F(SessionIdsTest, AnIdEndsByAge) {
    EXPECT_EQ(sessions.revision_of(made(), key, tenant, after(hours(25))), std::nullopt);
}

TEST_F(SessionIdsTest, AnIdIsTakenForItsOwnTenantAndStoreAlone) {
    const std::string id = made();

    EXPECT_EQ(sessions.revision_of(id, key, TenantId{"two"}, now), std::nullopt);
    EXPECT_EQ(sessions.revision_of(id, encoding::sha256("another"), tenant, now), std::nullopt);
}

TEST_F(SessionIdsTest, NothingOfAnIdCanBeChanged) {
    const std::string id = made();
    for (std::size_t place = 0; place < id.size(); ++place) {
        std::string changed = id;
        changed[place] = changed[place] == '1' ? '2' : '1';
        EXPECT_EQ(sessions.revision_of(changed, key, tenant, now), std::nullopt) << changed;
        EXPECT_EQ(sessions.revision_of(id.substr(0, place), key, tenant, now), std::nullopt);
    }
}

TEST_F(SessionIdsTest, AnIdIsVisibleAscii) {
    for (const char letter : made()) EXPECT_TRUE(letter > ' ' && letter < 127) << letter;
}

}  // namespace
}  // namespace rag::mcp
