#include "local/packing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace rag::local {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<WaitingText> texts(const std::vector<std::size_t>& lengths) {
    std::vector<WaitingText> all;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        all.push_back({nullptr, i, std::vector<std::int32_t>(lengths[i], 7)});
    }
    return all;
}

std::vector<std::size_t> indices(const std::vector<WaitingText>& taken) {
    std::vector<std::size_t> all;
    for (const WaitingText& text : taken) all.push_back(text.index);
    return all;
}

TEST(WaitingTexts, FillABatchWithTheOldestAndThenTheLongest) {
    WaitingTexts waiting;
    waiting.add(texts({3, 10, 60, 20, 30}));

    EXPECT_THAT(indices(waiting.take(100)), ElementsAre(0, 2, 4));
    EXPECT_EQ(waiting.rows(), 30U);
    EXPECT_THAT(indices(waiting.take(100)), ElementsAre(1, 3));
    EXPECT_TRUE(waiting.empty());
}

TEST(WaitingTexts, LetNoShortTextWaitForEver) {
    WaitingTexts waiting;
    waiting.add(texts({2, 50, 50, 50}));

    EXPECT_THAT(indices(waiting.take(50)), ElementsAre(0));
    EXPECT_THAT(indices(waiting.take(50)), ElementsAre(1));
}

TEST(WaitingTexts, GiveATextThatAloneIsLongerThanABatch) {
    WaitingTexts waiting;
    waiting.add(texts({300, 5}));

    EXPECT_THAT(indices(waiting.take(100)), ElementsAre(0));
    EXPECT_EQ(waiting.rows(), 5U);
}

}  // namespace
}  // namespace rag::local
