#include "domain/time.hpp"

#include <gtest/gtest.h>

namespace rag {
namespace {

std::string round_trip(std::string_view text) {
    const auto time = parse_timestamp(text);
    return time ? format_timestamp(*time) : "unreadable";
}

TEST(Timestamp, IsWrittenInUtcWithMilliseconds) {
    EXPECT_EQ(round_trip("2025-11-07T14:30:45.123Z"), "2025-11-07T14:30:45.123Z");
    EXPECT_EQ(round_trip("2025-11-07T14:30:45Z"), "2025-11-07T14:30:45.000Z");
    EXPECT_EQ(round_trip("2025-11-07t14:30:45z"), "2025-11-07T14:30:45.000Z");
    EXPECT_EQ(round_trip("2025-11-07 14:30:45Z"), "2025-11-07T14:30:45.000Z");
}

TEST(Timestamp, IsReadWithAnyOffset) {
    EXPECT_EQ(round_trip("2025-11-07T14:30:45.5+01:00"), "2025-11-07T13:30:45.500Z");
    EXPECT_EQ(round_trip("2025-12-31T23:30:00-05:30"), "2026-01-01T05:00:00.000Z");
    EXPECT_EQ(round_trip("2025-01-01T00:00:00-00:00"), "2025-01-01T00:00:00.000Z");
}

TEST(Timestamp, KeepsMillisecondsOfUpToNineDigits) {
    EXPECT_EQ(round_trip("2025-11-07T14:30:45.123999999Z"), "2025-11-07T14:30:45.123Z");
    EXPECT_EQ(round_trip("2025-11-07T14:30:45.1234567890Z"), "unreadable");
    EXPECT_EQ(round_trip("2025-11-07T14:30:45.Z"), "unreadable");
}

TEST(Timestamp, CountsALeapSecondAsTheNextSecond) {
    EXPECT_EQ(round_trip("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z");
    EXPECT_EQ(round_trip("2017-01-01T00:59:60+01:00"), "2017-01-01T00:00:00.000Z");
    EXPECT_EQ(round_trip("2016-12-31T22:59:60Z"), "unreadable");
    EXPECT_EQ(round_trip("2016-12-31T23:59:61Z"), "unreadable");
}

TEST(Timestamp, IsReadOnlyOfDaysThatExist) {
    EXPECT_EQ(round_trip("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
    EXPECT_EQ(round_trip("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00.000Z");
    EXPECT_EQ(round_trip("2023-02-29T00:00:00Z"), "unreadable");
    EXPECT_EQ(round_trip("1900-02-29T00:00:00Z"), "unreadable");
    EXPECT_EQ(round_trip("2023-06-31T00:00:00Z"), "unreadable");
    EXPECT_EQ(round_trip("2023-00-10T00:00:00Z"), "unreadable");
    EXPECT_EQ(round_trip("2023-13-10T00:00:00Z"), "unreadable");
}

TEST(Timestamp, IsReadInTheYearsZeroToNineThousand) {
    EXPECT_EQ(round_trip("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000Z");
    EXPECT_EQ(round_trip("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(round_trip("0000-01-01T00:00:00+01:00"), "unreadable");
    EXPECT_EQ(round_trip("9999-12-31T23:59:59-01:00"), "unreadable");
}

TEST(Timestamp, IsNotReadOfAnythingElse) {
    for (const std::string_view text :
         {"",
          "yesterday",
          "2025-11-07",
          "2025-11-07T14:30:45",
          "2025-11-07T14:30Z",
          "2025-11-07T24:00:00Z",
          "2025-11-07T14:30:45+0100",
          "2025-11-07T14:30:45Z ",
          " 2025-11-07T14:30:45Z",
          "20251107T143045Z",
          "1762525845",
          "2025-11-07T14:30:45+24:00",
          "+2025-11-07T14:30:45Z"}) {
        EXPECT_FALSE(parse_timestamp(text)) << text;
    }
}

TEST(Timestamp, BelongsToTheDayItLiesIn) {
    EXPECT_EQ(day_of(Timestamp{0}), 0);
    EXPECT_EQ(day_of(Timestamp{86'399'999}), 0);
    EXPECT_EQ(day_of(Timestamp{86'400'000}), 1);
    EXPECT_EQ(day_of(Timestamp{-1}), -1);
    EXPECT_EQ(day_of(Timestamp{-86'400'000}), -1);
    EXPECT_EQ(day_of(Timestamp{-86'400'001}), -2);
}

TEST(DayNumber, CountsEveryDayOnce) {
    std::int64_t expected = *day_number(1583, 1, 1);
    for (int year = 1583; year < 2010; ++year) {
        for (unsigned month = 1; month <= 12; ++month) {
            for (unsigned day = 1; day <= 31; ++day) {
                const auto number = day_number(year, month, day);
                if (!number) continue;
                ASSERT_EQ(*number, expected) << year << "-" << month << "-" << day;
                const std::string text = format_timestamp(Timestamp{*number * 86'400'000});
                ASSERT_EQ(std::stoul(text.substr(8, 2)), day);
                ++expected;
            }
        }
    }
    EXPECT_EQ(day_number(1970, 1, 1), 0);
    EXPECT_EQ(day_number(2025, 11, 7), 20'399);
}

TEST(ParseDay, TakesADateAndNothingElse) {
    EXPECT_EQ(format_day(*parse_day("2025-11-07")), "2025-11-07");
    EXPECT_EQ(parse_day("1970-01-02")->number, 1);
    EXPECT_FALSE(parse_day("2025-11-07T10:00:00Z"));
    EXPECT_FALSE(parse_day("2025-02-30"));
    EXPECT_FALSE(parse_day("last week"));
    EXPECT_FALSE(parse_day(""));
}

}  // namespace
}  // namespace rag
