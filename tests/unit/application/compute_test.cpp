#include "application/compute.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/await.hpp"
#include "support/inline_work_pool.hpp"

namespace rag {
namespace {

using namespace std::chrono_literals;
using test::await;
using test::within;

TEST(Compute, AnswersWhatTheJobAnswersAndMayOnlyBeMoved) {
    test::InlineWorkPool pool;
    auto job = [given = std::make_unique<int>(6)]() -> Result<std::unique_ptr<int>> {
        return std::make_unique<int>(*given + 1);
    };

    const auto answer = await(compute(pool, within(10s), std::move(job)));

    ASSERT_TRUE(answer);
    EXPECT_EQ(**answer, 7);
    EXPECT_EQ(pool.jobs(), 1u);
}

TEST(Compute, HandsOnTheErrorOfTheJob) {
    test::InlineWorkPool pool;
    auto job = []() -> Result<void> { return fail(ErrorCode::invalid_argument, "no JSON"); };

    const Result<void> answer = await(compute(pool, within(10s), job));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
}

TEST(Compute, HandsOnTheErrorOfThePoolAndDoesNotRunTheJob) {
    test::InlineWorkPool pool;
    pool.refuse_with(ErrorCode::overloaded);
    bool ran = false;
    auto job = [&ran]() -> Result<int> {
        ran = true;
        return 1;
    };

    const Result<int> answer = await(compute(pool, within(10s), job));

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::overloaded);
    EXPECT_FALSE(ran);
}

TEST(Compute, WorksOnASmallAmountOfTextAtOnce) {
    test::InlineWorkPool pool;
    pool.refuse_with(ErrorCode::overloaded);
    auto job = []() -> Result<int> { return 1; };

    EXPECT_TRUE(await(compute(pool, within(10s), to_parse(256u << 10), job)));
    EXPECT_TRUE(await(compute(pool, within(10s), to_tokenize(8u << 10), job)));
    EXPECT_TRUE(await(compute(pool, within(10s), to_hash(64u << 10), job)));
    EXPECT_TRUE(await(compute(pool, within(10s), to_encode(64u << 10), job)));
    EXPECT_FALSE(await(compute(pool, within(10s), to_parse((256u << 10) + 1), job)));
    EXPECT_FALSE(await(compute(pool, within(10s), to_tokenize((8u << 10) + 1), job)));
}

}  // namespace
}  // namespace rag
