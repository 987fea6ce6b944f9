#include "domain/time_zone.hpp"

namespace rag {
namespace {

constexpr std::int64_t kMsPerDay = 24 * 60 * 60 * 1'000;

class Utc final : public TimeZone {
public:
    std::int64_t offset_ms_of_local(std::int64_t /*local_ms*/) const override { return 0; }
    std::int64_t offset_ms(Timestamp /*utc*/) const override { return 0; }
};

}  // namespace

const TimeZone& utc_zone() {
    static const Utc kUtc;
    return kUtc;
}

std::int64_t day_in(const TimeZone& zone, Timestamp time) {
    return day_of(Timestamp{time.ms + zone.offset_ms(time)});
}

Timestamp first_moment(const TimeZone& zone, std::int64_t day) {
    const std::int64_t local_ms = day * kMsPerDay;
    return Timestamp{local_ms - zone.offset_ms_of_local(local_ms)};
}

Timestamp last_moment(const TimeZone& zone, std::int64_t day) {
    return Timestamp{first_moment(zone, day + 1).ms - 1};
}

}  // namespace rag
