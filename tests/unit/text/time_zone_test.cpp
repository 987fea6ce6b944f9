#include "text/time_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rag::text {
namespace {

using testing::HasSubstr;

class TimeZonesTest : public testing::Test {
protected:
    const TimeZone& zone(std::string_view name) const { return **zones_->find(name); }

    /// "first moment .. last moment", and how many hours lie between.
    std::string day(std::string_view name, std::string_view date) const {
        const std::int64_t number = parse_day(date)->number;
        const Timestamp first = first_moment(zone(name), number);
        const Timestamp last = last_moment(zone(name), number);
        return format_timestamp(first) + " " + std::to_string((last.ms + 1 - first.ms) / 3'600'000);
    }

    std::unique_ptr<TimeZones> zones_ = *make_time_zones("America/New_York");
};

TEST_F(TimeZonesTest, KnowDaysOf23And25Hours) {
    EXPECT_EQ(day("Europe/Berlin", "2025-01-15"), "2025-01-14T23:00:00.000Z 24");
    EXPECT_EQ(day("Europe/Berlin", "2025-03-30"), "2025-03-29T23:00:00.000Z 23");
    EXPECT_EQ(day("Europe/Berlin", "2025-10-26"), "2025-10-25T22:00:00.000Z 25");
    EXPECT_EQ(day("America/New_York", "2025-03-09"), "2025-03-09T05:00:00.000Z 23");
    EXPECT_EQ(day("Asia/Kolkata", "2025-06-01"), "2025-05-31T18:30:00.000Z 24");
    EXPECT_EQ(day("Pacific/Kiritimati", "2025-06-01"), "2025-05-31T10:00:00.000Z 24");
}

TEST_F(TimeZonesTest, BeginADayAfterAMidnightThatClocksSkip) {
    EXPECT_EQ(day("America/Sao_Paulo", "2018-11-04"), "2018-11-04T03:00:00.000Z 23");
    // Midnight comes twice in Havana; the day begins with the first.
    EXPECT_EQ(day("America/Havana", "2024-11-03"), "2024-11-03T04:00:00.000Z 25");
}

TEST_F(TimeZonesTest, TellTheDateOnTheWall) {
    const Timestamp evening = *parse_timestamp("2025-06-30T22:30:00Z");
    EXPECT_EQ(format_day({day_in(zone("Europe/Berlin"), evening)}), "2025-07-01");
    EXPECT_EQ(format_day({day_in(zone("UTC"), evening)}), "2025-06-30");
    EXPECT_EQ(format_day({day_in(zone("America/New_York"), evening)}), "2025-06-30");
}

TEST_F(TimeZonesTest, MeanTheFallbackWithoutAName) {
    EXPECT_EQ(&zone(""), &zone("America/New_York"));
    EXPECT_EQ(&zone("europe/berlin"), &zone("Europe/Berlin"));
}

TEST_F(TimeZonesTest, RefuseWhatIsNoNameAndTellTheNearest) {
    for (const std::string name :
         {"Berlin", "Europe/Berln", "IST", "+02:00", "GMT+2:00", "local", "Etc/Unknown"}) {
        const auto found = zones_->find(name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(found.error().code, ErrorCode::invalid_argument);
        EXPECT_EQ(found.error().pointer, "/timezone");
    }
    EXPECT_THAT(zones_->find("Berlin").error().message, HasSubstr("nearest: Europe/Berlin"));
    EXPECT_THAT(zones_->find("Asia/Tokio").error().message, HasSubstr("nearest: Asia/Tokyo"));
    EXPECT_THAT(zones_->find("new york").error().message, HasSubstr("America/New_York"));
    EXPECT_FALSE(zones_->find(std::string(100'000, 'x')));
    EXPECT_FALSE(make_time_zones("Mars/Olympus"));
}

}  // namespace
}  // namespace rag::text
