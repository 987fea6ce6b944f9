#include "application/signal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/detached.hpp>
#include <thread>
#include <vector>

#include "support/await.hpp"
#include "support/io_thread.hpp"

namespace rag {
namespace {

using namespace std::chrono_literals;
using test::in;

TEST(Signal, DoesNotWaitForWhatHoldsAlready) {
    Signal signal;
    auto holds = [] { return true; };

    EXPECT_TRUE(test::await(signal.wait_until(holds, in(-1s))));
}

TEST(Signal, TellsThatTheDeadlineCameFirst) {
    Signal signal;
    auto never = [] { return false; };

    EXPECT_FALSE(test::await(signal.wait_until(never, in(10ms))));
}

TEST(Signal, WakesThoseWhoWaitFromAnyThread) {
    test::IoThread io;
    Signal signal;
    std::atomic<int> looked = 0;
    std::atomic<bool> true_now = false;
    auto condition = [&] {
        ++looked;
        return true_now.load();
    };
    std::vector<std::future<bool>> waiting;
    for (int waiter = 0; waiter < 3; ++waiter) {
        waiting.push_back(io.start(signal.wait_until(condition, in(test::kPatience))));
    }
    while (looked < 3) std::this_thread::yield();

    true_now = true;
    signal.notify();

    for (std::future<bool>& one : waiting) EXPECT_TRUE(one.get());
    EXPECT_EQ(looked, 6);
}

TEST(Signal, GoesOnWaitingWhenTheNewsIsNotWhatIsWaitedFor) {
    test::IoThread io;
    Signal signal;
    std::atomic<int> looked = 0;
    std::atomic<bool> true_now = false;
    auto condition = [&] {
        ++looked;
        return true_now.load();
    };
    std::future<bool> waiting = io.start(signal.wait_until(condition, in(test::kPatience)));
    while (looked < 1) std::this_thread::yield();

    signal.notify();
    while (looked < 2) std::this_thread::yield();
    EXPECT_EQ(waiting.wait_for(0s), std::future_status::timeout);
    true_now = true;
    signal.notify();

    EXPECT_TRUE(waiting.get());
}

/// What is told between the look at the condition and the wait is not lost: a minute would pass.
TEST(Signal, LosesNoNews) {
    test::IoThread io;
    Signal signal;
    std::atomic<int> round = 0;
    std::thread teller([&] {
        for (int told = 1; told <= 2'000; ++told) {
            while (round.load() != -told) std::this_thread::yield();
            round = told;
            signal.notify();
        }
    });
    auto follow = [&]() -> Task<bool> {
        for (int wanted = 1; wanted <= 2'000; ++wanted) {
            round = -wanted;
            auto reached = [&] { return round.load() == wanted; };
            const bool told = co_await signal.wait_until(reached, in(test::kPatience));
            if (!told) co_return false;
        }
        co_return true;
    };

    EXPECT_TRUE(io.start(follow()).get());
    teller.join();
}

TEST(Signal, ForgetsWaitersWhoseLoopIsGone) {
    Signal signal;
    {
        boost::asio::io_context io;
        auto never = [] { return false; };
        auto wait = [&]() -> Task<void> { co_await signal.wait_until(never, Deadline::max()); };
        boost::asio::co_spawn(io, wait(), boost::asio::detached);
        io.poll();
    }

    signal.notify();
}

}  // namespace
}  // namespace rag
