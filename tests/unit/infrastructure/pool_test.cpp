#include "infrastructure/pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/await.hpp"
#include "support/io_thread.hpp"

namespace rag {
namespace {

using namespace std::chrono_literals;

using test::in;
using test::IoThread;

Deadlines& deadlines() {
    static Deadlines all;
    return all;
}

/// A job that runs until `release` is called.
class Gate {
public:
    auto job() {
        return [this]() -> Result<int> {
            entered_.set_value();
            opened_.get_future().wait();
            return 7;
        };
    }
    void await_entered() { entered_.get_future().wait(); }
    void release() { opened_.set_value(); }

private:
    std::promise<void> entered_;
    std::promise<void> opened_;
};

template <class Job>
std::future<std::invoke_result_t<Job&>> run(
    IoThread& io, BoundedPool& pool, Job job, Deadline deadline = in(10s)
) {
    return io.start(on_pool(pool, std::move(job), deadline));
}

TEST(BoundedPool, RunsAJobOnItsOwnThreadAndResumesOnTheCallers) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 2, .queue_max = 4}, deadlines());
    auto where = []() -> Result<std::thread::id> { return std::this_thread::get_id(); };
    auto both = [&]() -> Task<std::pair<std::thread::id, std::thread::id>> {
        Result<std::thread::id> inside = co_await on_pool(pool, where, in(10s));
        co_return std::pair(*inside, std::this_thread::get_id());
    };

    auto [inside, after] = io.start(both()).get();

    EXPECT_NE(inside, io.id());
    EXPECT_EQ(after, io.id());
}

TEST(BoundedPool, HandsOnTheErrorOfAJob) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 1}, deadlines());
    auto job = []() -> Result<int> { return fail(ErrorCode::no_space, "disk full"); };

    Result<int> answer = run(io, pool, job).get();

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::no_space);
    EXPECT_EQ(answer.error().message, "disk full");
}

TEST(BoundedPool, TurnsAnEscapedExceptionIntoAnInternalError) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 1}, deadlines());
    auto job = []() -> Result<int> { throw std::runtime_error("secret"); };

    Result<int> answer = run(io, pool, job).get();

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::internal);
    EXPECT_THAT(answer.error().message, testing::Not(testing::HasSubstr("secret")));
}

TEST(BoundedPool, RefusesWhatItsQueueCannotHold) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 1}, deadlines());
    Gate gate;
    std::future<Result<int>> running = run(io, pool, gate.job());
    gate.await_entered();
    auto quick = []() -> Result<int> { return 1; };
    std::future<Result<int>> waiting = run(io, pool, quick);

    Result<int> refused = run(io, pool, quick).get();

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::overloaded);
    EXPECT_EQ(pool.waiting(), 1u);
    EXPECT_EQ(pool.running(), 1u);
    gate.release();
    EXPECT_EQ(running.get().value(), 7);
    EXPECT_EQ(waiting.get().value(), 1);
}

TEST(BoundedPool, CancelsAWaitingJobAtItsDeadlineWhileAllWorkersAreBusy) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 4}, deadlines());
    Gate gate;
    std::future<Result<int>> running = run(io, pool, gate.job());
    gate.await_entered();
    bool ran = false;
    auto job = [&ran]() -> Result<int> {
        ran = true;
        return 1;
    };

    Result<int> late = run(io, pool, job, in(20ms)).get();  // The worker is still busy.

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timeout);
    gate.release();
    running.get();
    EXPECT_FALSE(ran);
}

TEST(BoundedPool, DoesNotStartAJobWhoseDeadlineHasPassed) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 4}, deadlines());
    auto job = []() -> Result<int> { return 1; };

    Result<int> late = run(io, pool, job, in(-1ms)).get();

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::timeout);
}

TEST(BoundedPool, AwaitsARunningJobBeyondItsDeadline) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 4}, deadlines());
    Gate gate;
    std::future<Result<int>> running = run(io, pool, gate.job(), in(300ms));
    gate.await_entered();

    EXPECT_EQ(running.wait_for(350ms), std::future_status::timeout);
    gate.release();

    EXPECT_EQ(running.get().value(), 7);
}

TEST(BoundedPool, StoppingRefusesWhatWaitsAndAwaitsWhatRuns) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 1, .queue_max = 4}, deadlines());
    Gate gate;
    std::future<Result<int>> running = run(io, pool, gate.job());
    gate.await_entered();
    auto quick = []() -> Result<int> { return 1; };
    std::future<Result<int>> waiting = run(io, pool, quick);
    while (pool.waiting() == 0) std::this_thread::yield();

    std::thread stopper([&pool] { pool.stop(); });
    Result<int> dropped = waiting.get();
    gate.release();
    stopper.join();

    ASSERT_FALSE(dropped);
    EXPECT_EQ(dropped.error().code, ErrorCode::unavailable);
    EXPECT_EQ(running.get().value(), 7);
    EXPECT_EQ(run(io, pool, quick).get().error().code, ErrorCode::unavailable);
}

TEST(BoundedPool, TellsHowLongAJobHasBeenRunning) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 2, .queue_max = 4}, deadlines());
    EXPECT_EQ(pool.longest_running(), 0ns);
    Gate gate;
    std::future<Result<int>> running = run(io, pool, gate.job());
    gate.await_entered();

    EXPECT_GT(pool.longest_running(), 0ns);
    EXPECT_FALSE(pool.stuck());
    gate.release();
    running.get();
    while (pool.running() != 0) std::this_thread::yield();

    EXPECT_EQ(pool.longest_running(), 0ns);
}

TEST(BoundedPool, AnswersEveryOneOfManyJobs) {
    IoThread io;
    BoundedPool pool({.name = "test", .threads = 4, .queue_max = 2'000}, deadlines());
    std::vector<std::future<Result<int>>> answers;
    for (int i = 0; i < 1'000; ++i) {
        auto job = [i]() -> Result<int> { return i; };
        answers.push_back(run(io, pool, job));
    }

    int sum = 0;
    for (auto& answer : answers) sum += answer.get().value();

    EXPECT_EQ(sum, 499'500);
}

}  // namespace
}  // namespace rag
