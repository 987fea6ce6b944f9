#include "local/team.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace rag::local {
namespace {

using namespace std::chrono_literals;

/// Whether a member that waits for one that does not come is told so.
std::future<bool> wait_in(Team& team) {
    return std::async(std::launch::async, [&team] {
        try {
            team.wait();
            return false;
        } catch (const BrokenTeam&) {
            team.leave(true);
            return true;
        }
    });
}

TEST(Team, ReturnsOnceEveryMemberIsThere) {
    Team team(2);
    std::future<bool> other = wait_in(team);

    team.wait();

    EXPECT_FALSE(other.get());
}

TEST(Team, TellsThoseWhoWaitForOneThatHasFailed) {
    Team team(3);
    std::future<bool> one = wait_in(team);
    std::future<bool> other = wait_in(team);

    team.leave(true);

    EXPECT_TRUE(one.get());
    EXPECT_TRUE(other.get());
    EXPECT_TRUE(team.empty());
}

/// The control: without being told, they wait as long as the one who does not come stays away.
TEST(Team, WouldWaitForOneThatSaysNothing) {
    Team team(2);
    std::future<bool> other = wait_in(team);

    EXPECT_EQ(other.wait_for(100ms), std::future_status::timeout);
    EXPECT_FALSE(team.empty());

    team.wait();
    EXPECT_FALSE(other.get());
}

}  // namespace
}  // namespace rag::local
