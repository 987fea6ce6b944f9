#include "write_queue.hpp"

#include <gtest/gtest.h>

#include <future>

#include "support/await.hpp"

namespace rag::sqlite {

namespace {

using namespace std::chrono_literals;
using test::in;

Deadlines& deadlines() {
    static Deadlines all;
    return all;
}

/// Tells what becomes of it.
class Job final : public WriteJob {
public:
    Job(std::size_t bytes, Deadline deadline, std::promise<ErrorCode>* refused = nullptr)
        : WriteJob(bytes, CallContext::of_default_tenant(deadline)), refused_(refused) {}
    bool execute(WriteSession&) override { return true; }
    void fail(Error) noexcept override {}
    void answer() noexcept override {}
    void refuse(Error why) noexcept override {
        if (refused_ != nullptr) refused_->set_value(why.code);
    }

private:
    std::promise<ErrorCode>* refused_;
};

std::optional<ErrorCode> push(
    WriteQueue& queue,
    std::size_t bytes,
    Deadline deadline = in(60s),
    std::promise<ErrorCode>* refused = nullptr
) {
    std::unique_ptr<WriteJob> job = std::make_unique<Job>(bytes, deadline, refused);
    std::optional<Error> why = queue.push(job);
    EXPECT_EQ(job == nullptr, !why) << "A refused job is given back.";
    if (!why) return std::nullopt;
    return why->code;
}

TEST(WriteQueue, IsBoundedInNumberAndInBytes) {
    WriteQueue by_count({.count_max = 2, .bytes_max = 1'000}, deadlines());
    WriteQueue by_bytes({.count_max = 100, .bytes_max = 1'000}, deadlines());

    EXPECT_FALSE(push(by_count, 1));
    EXPECT_FALSE(push(by_count, 1));
    EXPECT_EQ(push(by_count, 1), ErrorCode::overloaded);
    EXPECT_FALSE(push(by_bytes, 999));
    EXPECT_EQ(push(by_bytes, 2), ErrorCode::overloaded);
    EXPECT_FALSE(push(by_bytes, 1));
}

TEST(WriteQueue, TakesAJobLargerThanItsLimitWhenItIsAlone) {
    WriteQueue queue({.count_max = 100, .bytes_max = 1'000}, deadlines());

    EXPECT_FALSE(push(queue, 5'000));
    EXPECT_EQ(push(queue, 1), ErrorCode::overloaded);

    EXPECT_EQ(queue.take({.count_max = 5, .bytes_max = 5}, 0ms).size(), 1u);
    EXPECT_FALSE(push(queue, 1));
    EXPECT_EQ(push(queue, 5'000), ErrorCode::overloaded);
}

TEST(WriteQueue, GivesRoomAgainForWhatIsTaken) {
    WriteQueue queue({.count_max = 1, .bytes_max = 10}, deadlines());
    ASSERT_FALSE(push(queue, 10));

    EXPECT_EQ(queue.take({.count_max = 5, .bytes_max = 5}, 0ms).size(), 1u);

    EXPECT_FALSE(push(queue, 10));
}

TEST(WriteQueue, TakesGroupsThatFit) {
    WriteQueue queue({.count_max = 10, .bytes_max = 1'000}, deadlines());
    for (const std::size_t bytes : {400, 100, 100, 100}) ASSERT_FALSE(push(queue, bytes));
    const WriteQueueLimits at_most{.count_max = 2, .bytes_max = 300};

    const WriteGroup too_big_alone = queue.take(at_most, 0ms);
    const WriteGroup pair = queue.take(at_most, 0ms);
    const WriteGroup rest = queue.take(at_most, 0ms);

    EXPECT_EQ(too_big_alone.size(), 1u);
    EXPECT_EQ(pair.size(), 2u);
    EXPECT_EQ(rest.size(), 1u);
    EXPECT_TRUE(queue.take(at_most, 0ms).empty());
}

TEST(WriteQueue, RefusesWhatStillWaitsAtItsDeadline) {
    WriteQueue queue({.count_max = 10, .bytes_max = 1'000}, deadlines());
    std::promise<ErrorCode> refused;
    ASSERT_FALSE(push(queue, 1, in(60s)));
    ASSERT_FALSE(push(queue, 1, in(20ms), &refused));

    std::future<ErrorCode> answer = refused.get_future();

    ASSERT_EQ(answer.wait_for(30s), std::future_status::ready);
    EXPECT_EQ(answer.get(), ErrorCode::timeout);
    EXPECT_EQ(queue.waiting(), 1u);
    EXPECT_EQ(push(queue, 1, in(-1ms)), ErrorCode::timeout);
}

TEST(WriteQueue, TakesNoMoreWhenClosedButGivesWhatItHas) {
    WriteQueue queue({.count_max = 10, .bytes_max = 1'000}, deadlines());
    ASSERT_FALSE(push(queue, 1));

    queue.close();

    EXPECT_EQ(push(queue, 1), ErrorCode::unavailable);
    EXPECT_TRUE(queue.closed());
    EXPECT_EQ(queue.take({.count_max = 5, .bytes_max = 5}, 0ms).size(), 1u);
}

TEST(WriteQueue, RefusesWhatNobodyTookWhenItGoes) {
    std::promise<ErrorCode> refused;
    {
        WriteQueue queue({.count_max = 10, .bytes_max = 1'000}, deadlines());
        ASSERT_FALSE(push(queue, 1, in(60s), &refused));
    }

    EXPECT_EQ(refused.get_future().get(), ErrorCode::unavailable);
}

}  // namespace

}  // namespace rag::sqlite
