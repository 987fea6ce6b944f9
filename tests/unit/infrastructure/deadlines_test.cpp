#include "infrastructure/deadlines.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "support/await.hpp"

namespace rag {
namespace {

using namespace std::chrono_literals;
using test::in;

TEST(Deadlines, RingNotBeforeTheTime) {
    Deadlines deadlines;
    std::promise<Deadline> rung;
    Alarm alarm(deadlines, [&] { rung.set_value(std::chrono::steady_clock::now()); });
    const Deadline when = in(30ms);

    alarm.set(when);

    EXPECT_GE(rung.get_future().get(), when);
}

TEST(Deadlines, RingInTheOrderOfTheirTimes) {
    Deadlines deadlines;
    std::vector<int> order;
    std::promise<void> last;
    Alarm third(deadlines, [&] {
        order.push_back(3);
        last.set_value();
    });
    Alarm first(deadlines, [&] { order.push_back(1); });
    Alarm second(deadlines, [&] { order.push_back(2); });

    third.set(in(60ms));
    first.set(in(20ms));
    second.set(in(40ms));
    last.get_future().wait();

    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Deadlines, AnEarlierOneIsNotHeldUpByThoseThatWait) {
    Deadlines deadlines;
    Alarm later(deadlines, [] {});
    later.set(in(1h));
    std::promise<void> rung;
    Alarm sooner(deadlines, [&] { rung.set_value(); });

    sooner.set(in(5ms));

    EXPECT_EQ(rung.get_future().wait_for(test::kPatience), std::future_status::ready);
    later.cancel();
}

TEST(Deadlines, ACancelledOneDoesNotRing) {
    Deadlines deadlines;
    std::atomic<bool> rung = false;
    Alarm cancelled(deadlines, [&] { rung = true; });
    std::promise<void> after;
    Alarm next(deadlines, [&] { after.set_value(); });

    cancelled.set(in(20ms));
    cancelled.cancel();
    next.set(in(40ms));
    after.get_future().wait();

    EXPECT_FALSE(rung);
}

TEST(Deadlines, OneThatIsSetAgainRingsThenAlone) {
    Deadlines deadlines;
    std::atomic<int> rings = 0;
    std::promise<void> after;
    Alarm alarm(deadlines, [&] { ++rings; });
    Alarm next(deadlines, [&] { after.set_value(); });

    alarm.set(in(1h));
    alarm.set(in(10ms));
    next.set(in(30ms));
    after.get_future().wait();

    EXPECT_EQ(rings, 1);
}

TEST(Deadlines, OneMayBeSetWhileItRings) {
    Deadlines deadlines;
    int rings = 0;
    std::promise<void> done;
    std::unique_ptr<Alarm> alarm;
    alarm = std::make_unique<Alarm>(deadlines, [&] {
        if (++rings == 3) return done.set_value();
        alarm->set(in(1ms));
    });

    alarm->set(in(1ms));
    done.get_future().wait();
    alarm.reset();

    EXPECT_EQ(rings, 3);
}

/// What a ring uses may go as soon as its alarm is gone.
TEST(Deadlines, AnAlarmGoesOnlyWhenItDoesNotRingAnyMore) {
    Deadlines deadlines;
    for (int round = 0; round < 200; ++round) {
        auto used = std::make_unique<std::atomic<int>>(0);
        auto alarm = std::make_unique<Alarm>(deadlines, [&raw = *used] { raw.fetch_add(1); });
        alarm->set(in(std::chrono::milliseconds(round % 2)));
        std::this_thread::yield();
        alarm.reset();
        used.reset();
    }
}

TEST(Deadlines, LeaveAlarmsBehindThatDoNotRing) {
    bool rung = false;
    auto deadlines = std::make_unique<Deadlines>();
    Alarm alarm(*deadlines, [&] { rung = true; });
    alarm.set(in(1h));

    deadlines.reset();
    alarm.set(in(-1ms));
    alarm.cancel();

    EXPECT_FALSE(rung);
}

TEST(Deadlines, ServeManyThreadsAtOnce) {
    Deadlines deadlines;
    std::atomic<int> rings = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                std::promise<void> rung;
                Alarm kept(deadlines, [&] {
                    ++rings;
                    rung.set_value();
                });
                Alarm cancelled(deadlines, [&] { rings += 1'000'000; });
                cancelled.set(in(1h));
                kept.set(in(0ms));
                cancelled.cancel();
                rung.get_future().wait();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();

    EXPECT_EQ(rings, 800);
}

}  // namespace
}  // namespace rag
