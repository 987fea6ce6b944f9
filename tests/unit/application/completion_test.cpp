#include "application/completion.hpp"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/await.hpp"
#include "support/io_thread.hpp"

namespace rag {
namespace {

TEST(Completion, BringsAnAnswerOfAnotherThreadToTheCallersOwn) {
    test::IoThread io;
    std::thread other;
    auto both = [&]() -> Task<std::pair<int, std::thread::id>> {
        auto start = [&other](Completion<int> done) {
            other = std::thread([done = std::move(done)]() mutable { done.complete(7); });
        };
        Result<int> answer = co_await await_completion<int>(start);
        co_return std::pair(answer.value(), std::this_thread::get_id());
    };

    const auto [answer, where] = io.start(both()).get();
    other.join();

    EXPECT_EQ(answer, 7);
    EXPECT_EQ(where, io.id());
}

TEST(Completion, MayBeCompletedAtOnce) {
    auto start = [](Completion<void> done) { done.complete({}); };

    EXPECT_TRUE(test::await(await_completion<void>(start)));
}

TEST(Completion, HandsOnWhatCanOnlyBeMoved) {
    auto start = [](Completion<std::unique_ptr<int>> done) {
        done.complete(std::make_unique<int>(3));
    };

    const auto answer = test::await(await_completion<std::unique_ptr<int>>(start));

    ASSERT_TRUE(answer);
    EXPECT_EQ(**answer, 3);
}

TEST(Completion, AnswersItselfWhenItIsDropped) {
    auto start = [](Completion<int> done) { EXPECT_TRUE(done); };

    const Result<int> answer = test::await(await_completion<int>(start));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::internal);
}

TEST(Completion, IsDroppedByAStartThatThrows) {
    auto start = [](Completion<int>) { throw std::runtime_error("no memory for a job"); };

    const Result<int> answer = test::await(await_completion<int>(start));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::internal);
}

TEST(Completion, IsDroppedWhenAnotherTakesItsPlace) {
    test::IoThread io;
    std::promise<void> began;
    Completion<int> kept;
    auto first = [&](Completion<int> done) {
        kept = std::move(done);
        EXPECT_FALSE(done);
        began.set_value();
    };
    std::future<Result<int>> replaced = io.start(await_completion<int>(first));
    began.get_future().wait();
    auto second = [&](Completion<int> done) { kept = std::move(done); };
    std::future<Result<int>> other = io.start(await_completion<int>(second));

    EXPECT_EQ(replaced.get().error().code, ErrorCode::internal);
    kept.complete(5);

    EXPECT_EQ(other.get().value(), 5);
    EXPECT_FALSE(kept);
}

/// Without it, the loop would have nothing more to do and end.
TEST(Completion, KeepsTheCallersLoopAlive) {
    boost::asio::io_context io;
    std::optional<int> answer;
    Completion<int> kept;
    auto wait = [&]() -> Task<void> {
        auto start = [&kept](Completion<int> done) { kept = std::move(done); };
        Result<int> given = co_await await_completion<int>(start);
        answer = given.value();
    };
    boost::asio::co_spawn(io, wait(), boost::asio::detached);

    io.poll();
    EXPECT_FALSE(io.stopped());
    kept.complete(1);
    io.poll();

    EXPECT_EQ(answer, 1);
    EXPECT_TRUE(io.stopped());
}

TEST(Completion, LosesNoAnswerOfManyThreads) {
    constexpr int kThreads = 4;
    constexpr int kEach = 500;
    test::IoThread io;
    std::vector<std::thread> threads;
    std::vector<std::future<Result<int>>> answers;
    std::mutex mutex;
    std::deque<std::pair<int, Completion<int>>> waiting;
    for (int number = 0; number < kThreads * kEach; ++number) {
        auto start = [&, number](Completion<int> done) {
            const std::lock_guard lock(mutex);
            waiting.emplace_back(number, std::move(done));
        };
        answers.push_back(io.start(await_completion<int>(start)));
    }
    for (int worker = 0; worker < kThreads; ++worker) {
        threads.emplace_back([&] {
            for (int done = 0; done < kEach;) {
                std::unique_lock lock(mutex);
                if (waiting.empty()) continue;
                auto [number, next] = std::move(waiting.front());
                waiting.pop_front();
                lock.unlock();
                next.complete(number);
                ++done;
            }
        });
    }

    for (int number = 0; number < kThreads * kEach; ++number) {
        EXPECT_EQ(answers[static_cast<std::size_t>(number)].get().value(), number);
    }
    for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace rag
