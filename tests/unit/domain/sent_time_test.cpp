#include "domain/sent_time.hpp"

#include <gtest/gtest.h>

#include "support/fake_time_zones.hpp"

namespace rag {
namespace {

/// In a zone whose clocks are nine hours ahead; "": no such time.
std::string read(std::string_view text) {
    const test::FakeTimeZones zones;
    const std::optional<Timestamp> time = parse_sent_timestamp(text, **zones.find("Test/East"));
    return time ? format_timestamp(*time) : "";
}

std::string of_epoch(std::string_view number) {
    const std::optional<Timestamp> time = epoch_timestamp(number);
    return time ? format_timestamp(*time) : "";
}

TEST(SentTime, IsReadAsProgramsWriteIt) {
    EXPECT_EQ(read("2025-11-07T14:30:45.123Z"), "2025-11-07T14:30:45.123Z");
    EXPECT_EQ(read("2025-11-07t14:30:45z"), "2025-11-07T14:30:45.000Z");
    EXPECT_EQ(read("2025-11-07 14:30:45+02:00"), "2025-11-07T12:30:45.000Z");
    EXPECT_EQ(read("2025-11-07T14:30:45+0200"), "2025-11-07T12:30:45.000Z");
    EXPECT_EQ(read("2025-11-07T14:30Z"), "2025-11-07T14:30:00.000Z");
    EXPECT_EQ(read("2025-11-07T14:30-0330"), "2025-11-07T18:00:00.000Z");
    EXPECT_EQ(read("2025-11-07T14:30:45.123456789Z"), "2025-11-07T14:30:45.123Z");
}

TEST(SentTime, WithoutAZoneIsOfTheOneThatIsTold) {
    EXPECT_EQ(read("2025-11-07T09:00:00"), "2025-11-07T00:00:00.000Z");
    EXPECT_EQ(read("2025-11-07 09:00"), "2025-11-07T00:00:00.000Z");
    EXPECT_EQ(read("2025-11-07"), "2025-11-06T15:00:00.000Z");
}

TEST(SentTime, OfAnEpochHasNineDigitsAtLeastAsText) {
    EXPECT_EQ(read("1762526400"), "2025-11-07T14:40:00.000Z");
    EXPECT_EQ(read("1762526400.000200"), "2025-11-07T14:40:00.000Z");
    EXPECT_EQ(read("1762526400123"), "2025-11-07T14:40:00.123Z");
    EXPECT_EQ(read("100000000"), "1973-03-03T09:46:40.000Z");
    for (const char* bad :
         {"20251107", "12345678", "1762526400.", "100000000000000", "-1762526400"})
        EXPECT_EQ(read(bad), "") << bad;
}

TEST(SentTime, OfNumbersIsSecondsOrMilliseconds) {
    EXPECT_EQ(of_epoch("0"), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(of_epoch("1762526400.25"), "2025-11-07T14:40:00.250Z");
    EXPECT_EQ(of_epoch("1.7625264e9"), "2025-11-07T14:40:00.000Z");
    EXPECT_EQ(of_epoch("99999999999"), "5138-11-16T09:46:39.000Z");
    EXPECT_EQ(of_epoch("100000000000"), "1973-03-03T09:46:40.000Z");
    EXPECT_EQ(of_epoch("99999999999999"), "5138-11-16T09:46:39.999Z");
    for (const char* bad : {"100000000000000", "-1", "1e20", "x", ""})
        EXPECT_EQ(of_epoch(bad), "") << bad;
}

TEST(SentTime, ThatIsNoMomentIsNone) {
    for (const char* bad :
         {"",
          "yesterday",
          "2025-02-30",
          "2025-11-07T25:00",
          "2025-11-07T14",
          "07.11.2025",
          "2025-11-07T14:30:45+2",
          "2025-11-07T14:30:45 PST",
          "2025/11/07"}) {
        EXPECT_EQ(read(bad), "") << bad;
    }
}

}  // namespace
}  // namespace rag
