#include "domain/sent_time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace rag {
namespace {

constexpr std::size_t kDateBytes = 10;
constexpr std::size_t kMinuteBytes = 5;
constexpr std::size_t kEpochDigitsMin = 9;
constexpr double kSecondsEnd = 1e11;
constexpr double kMillisecondsEnd = 1e14;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Nine digits or more, a fraction allowed: fewer may as well be a year or a date.
bool is_epoch_text(std::string_view text) {
    const std::size_t digits = std::min(text.find('.'), text.size());
    if (digits < kEpochDigitsMin) return false;
    if (!std::all_of(text.begin(), text.begin() + static_cast<long>(digits), is_digit))
        return false;
    if (digits == text.size()) return true;
    const std::string_view fraction = text.substr(digits + 1);
    return !fraction.empty() && std::all_of(fraction.begin(), fraction.end(), is_digit);
}

/// The offset of "…+0100", "…+01:00", "…Z"; empty: there is none.
std::string_view offset_of(std::string_view clock) {
    const std::size_t place = clock.find_first_of("Zz+-");
    return place == std::string_view::npos ? std::string_view() : clock.substr(place);
}

/// "+0100" as RFC 3339 writes it; anything else as it is.
std::string with_colon(std::string_view offset) {
    std::string text(offset);
    if (text.size() == 5 && (text[0] == '+' || text[0] == '-')) text.insert(3, 1, ':');
    return text;
}

}  // namespace

std::optional<Timestamp> epoch_timestamp(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!(number >= 0 && number < kMillisecondsEnd)) return std::nullopt;
    const double ms = number < kSecondsEnd ? number * 1'000 : number;
    // A double of seconds is a few hundred nanoseconds off: rounded to microseconds, then cut as
    // the fractions of RFC 3339 are.
    return Timestamp{static_cast<std::int64_t>(std::floor(std::round(ms * 1'000) / 1'000))};
}

std::optional<Timestamp> parse_sent_timestamp(std::string_view text, const TimeZone& zone) {
    if (is_epoch_text(text)) return epoch_timestamp(text);
    std::string date(text.substr(0, std::min(kDateBytes, text.size())));
    std::string_view clock = text.substr(date.size());
    if (clock.empty()) clock = "T00:00";
    const std::string_view offset = offset_of(clock);
    std::string time(clock.substr(0, clock.size() - offset.size()));
    if (time.size() == 1 + kMinuteBytes) time += ":00";
    const std::string whole = date + time + (offset.empty() ? "Z" : with_colon(offset));
    std::optional<Timestamp> moment = parse_timestamp(whole);
    if (moment && offset.empty()) moment->ms -= zone.offset_ms_of_local(moment->ms);
    return moment;
}

}  // namespace rag
