#include "application/event.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>
#include <future>
#include <thread>

#include "support/await.hpp"

namespace rag::test {
namespace {

using namespace std::chrono_literals;

TEST(Event, LooksAtOnceAndAfterEveryNotice) {
    boost::asio::io_context io;
    Event event;
    int wanted = 2;
    std::future<bool> holds = boost::asio::co_spawn(
        io, event.wait_until([&wanted] { return wanted == 0; }, in(20s)), boost::asio::use_future
    );
    io.poll();
    EXPECT_EQ(holds.wait_for(0s), std::future_status::timeout);

    for (; wanted > 0; io.poll()) {
        --wanted;
        event.notify();
    }

    ASSERT_EQ(holds.wait_for(0s), std::future_status::ready);
    EXPECT_TRUE(holds.get());
}

TEST(Event, SaysThatTheDeadlineCameFirst) {
    Event event;

    EXPECT_FALSE(await(event.wait_until([] { return false; }, in(10ms))));
    EXPECT_TRUE(await(event.wait_until([] { return true; }, in(-1s))));
}

TEST(Event, MissesNoNoticeOfAnotherThread) {
    Event event;
    std::atomic<int> step = 0;
    std::jthread other([&] {
        for (int i = 1; i <= 10'000; ++i) {
            step = i;
            event.notify();
        }
    });

    for (const int wanted : {1, 10, 100, 1'000, 10'000}) {
        EXPECT_TRUE(await(event.wait_until([&] { return step >= wanted; }, in(20s))));
    }
}

TEST(Event, ForgetsWaitersWhoseLoopIsGone) {
    Event event;
    {
        boost::asio::io_context io;
        auto wait = [&event]() -> Task<void> {
            std::function<bool()> never = [] { return false; };
            co_await event.wait_until(std::move(never), Deadline::max());
        };
        boost::asio::co_spawn(io, wait(), boost::asio::detached);
        io.poll();
    }

    event.notify();
}

TEST(Event, CanBeGivenUp) {
    using namespace boost::asio::experimental::awaitable_operators;
    Event event;
    const auto race = [&event]() -> Task<bool> {
        std::function<bool()> never = [] { return false; };
        std::function<bool()> now = [] { return true; };
        auto outcome = co_await (
            event.wait_until(std::move(never), Deadline::max()) ||
            event.wait_until(std::move(now), Deadline::max())
        );
        co_return outcome.index() == 1;
    };

    EXPECT_TRUE(await(race()));
}

}  // namespace
}  // namespace rag::test
