#include "application/request_days.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace rag::test {
namespace {

TEST(RequestDays, BecomeTheMomentsOfTheZone) {
    const FakeTimeZones zones;
    Filter filter;

    ASSERT_TRUE(
        settle_days(filter, {parse_day("2025-11-07"), parse_day("2025-11-08")}, "Test/East", zones)
    );

    EXPECT_EQ(format_timestamp(*filter.date_from), "2025-11-06T15:00:00.000Z");
    EXPECT_EQ(format_timestamp(*filter.date_to), "2025-11-08T14:59:59.999Z");
}

TEST(RequestDays, LeaveTimesAsTheyAre) {
    const FakeTimeZones zones;
    Filter filter;
    filter.date_from = Timestamp{5};

    const Result<const TimeZone*> zone = settle_days(filter, {}, std::nullopt, zones);

    ASSERT_TRUE(zone);
    EXPECT_EQ(*zone, &utc_zone());
    EXPECT_EQ(filter.date_from, Timestamp{5});
    EXPECT_FALSE(filter.date_to);
}

TEST(RequestDays, RefuseAZoneThatThereIsNot) {
    World world;

    const auto searched = world.find({.query = "x", .timezone = "Nowhere"});
    const auto listed = await(world.use_cases.list.run({.timezone = "Nowhere"}, request_context()));

    ASSERT_FALSE(searched);
    EXPECT_EQ(searched.error().pointer, "/timezone");
    ASSERT_FALSE(listed);
    EXPECT_EQ(listed.error().pointer, "/timezone");
}

}  // namespace
}  // namespace rag::test
