#include "domain/time_zone.hpp"

#include <gtest/gtest.h>

namespace rag {
namespace {

TEST(UtcZone, HasNoOffset) {
    EXPECT_EQ(utc_zone().offset_ms(Timestamp{1'000}), 0);
    EXPECT_EQ(day_in(utc_zone(), Timestamp{-1}), -1);
    EXPECT_EQ(format_timestamp(first_moment(utc_zone(), 1)), "1970-01-02T00:00:00.000Z");
    EXPECT_EQ(format_timestamp(last_moment(utc_zone(), 1)), "1970-01-02T23:59:59.999Z");
}

}  // namespace
}  // namespace rag
