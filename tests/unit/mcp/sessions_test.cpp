#include "sessions.hpp"

#include <gtest/gtest.h>

namespace rag::mcp {
namespace {

using std::chrono::minutes;
using Clock = SessionTable::Clock;

TEST(SessionTable, RemembersARevisionUntilTheSessionIsClosed) {
    SessionTable sessions(10, minutes(10));
    const Clock::time_point now = Clock::now();
    const std::string id = sessions.open(Revision::v2025_06_18, now);

    EXPECT_EQ(sessions.use(id, now), Revision::v2025_06_18);
    EXPECT_TRUE(sessions.close(id, now));

    EXPECT_EQ(sessions.use(id, now), std::nullopt);
    EXPECT_FALSE(sessions.close(id, now));
    EXPECT_EQ(sessions.use("no such id", now), std::nullopt);
}

TEST(SessionTable, EndsSessionsThatNobodyUses) {
    SessionTable sessions(10, minutes(10));
    const Clock::time_point now = Clock::now();
    const std::string idle = sessions.open(Revision::v2025_06_18, now);
    const std::string used = sessions.open(Revision::v2025_06_18, now);

    EXPECT_TRUE(sessions.use(used, now + minutes(6)));

    EXPECT_FALSE(sessions.use(idle, now + minutes(11)));
    EXPECT_TRUE(sessions.use(used, now + minutes(11)));
    EXPECT_EQ(sessions.size(), 1u);
}

TEST(SessionTable, MakesRoomByEndingTheOneUnusedForLongest) {
    SessionTable sessions(2, minutes(10));
    const Clock::time_point now = Clock::now();
    const std::string first = sessions.open(Revision::v2025_06_18, now);
    const std::string second = sessions.open(Revision::v2025_06_18, now);
    EXPECT_TRUE(sessions.use(first, now));

    const std::string third = sessions.open(Revision::v2025_06_18, now);

    EXPECT_FALSE(sessions.use(second, now));
    EXPECT_TRUE(sessions.use(first, now));
    EXPECT_TRUE(sessions.use(third, now));
}

}  // namespace
}  // namespace rag::mcp
