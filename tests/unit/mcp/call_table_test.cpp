#include "call_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace rag::mcp {
namespace {

using std::chrono::milliseconds;

TEST(CallTable, HandsAnswersOverInTheOrderTheyCame) {
    CallTable calls(8, 1'000);
    ASSERT_TRUE(calls.begin(10));
    ASSERT_TRUE(calls.begin(10));
    calls.finish({10, "2"}, "second");
    calls.finish({10, "1"}, "first");

    CallTable::AnswerLine answer;
    ASSERT_TRUE(calls.next_answer(answer));
    EXPECT_EQ(answer.line, "second");
    calls.written(answer);
    ASSERT_TRUE(calls.next_answer(answer));
    EXPECT_EQ(answer.line, "first");
    EXPECT_FALSE(calls.wait_until_idle(milliseconds(0)));
    calls.written(answer);
    EXPECT_TRUE(calls.wait_until_idle(milliseconds(0)));
}

TEST(CallTable, WritesNothingForACallThatWasCancelled) {
    CallTable calls(8, 1'000);
    const CallTable::Call call{10, "\"a\""};
    ASSERT_TRUE(calls.begin(call.bytes));
    calls.name(call);

    calls.cancel("\"unknown\"");
    calls.cancel("\"a\"");
    calls.finish(call, "answer");

    EXPECT_TRUE(calls.wait_until_idle(milliseconds(0)));
}

TEST(CallTable, LetsALineInOnlyOnceThereIsRoom) {
    for (const bool by_bytes : {false, true}) {
        CallTable calls(by_bytes ? 8 : 1, by_bytes ? 15 : 1'000);
        ASSERT_TRUE(calls.begin(10));
        std::atomic<bool> let_in = false;
        std::jthread reader([&] {
            EXPECT_TRUE(calls.begin(10));
            let_in = true;
        });

        EXPECT_FALSE(let_in);
        calls.finish({10, ""}, "");
        reader.join();
        EXPECT_TRUE(let_in);
    }
}

TEST(CallTable, LetsALineInThatIsLongerThanAllTheRoomWhenItIsAlone) {
    CallTable calls(8, 5);

    EXPECT_TRUE(calls.begin(10));
}

TEST(CallTable, LetsEverybodyGoWhenItIsClosed) {
    CallTable calls(1, 10);
    ASSERT_TRUE(calls.begin(1));
    std::jthread reader([&] { EXPECT_FALSE(calls.begin(1)); });
    std::jthread writer([&] {
        CallTable::AnswerLine answer;
        EXPECT_FALSE(calls.next_answer(answer));
    });

    calls.close();
}

}  // namespace
}  // namespace rag::mcp
