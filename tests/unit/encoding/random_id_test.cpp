#include "encoding/random_id.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rag::encoding {
namespace {

TEST(RandomId, IsNeverGivenTwice) {
    std::set<std::string> ids;
    for (int count = 0; count < 1'000; ++count) ids.insert(random_id());

    EXPECT_EQ(ids.size(), 1'000u);
    EXPECT_EQ(ids.begin()->size(), 32u);
}

}  // namespace
}  // namespace rag::encoding
