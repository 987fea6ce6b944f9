#pragma once

#include <cstdint>

#include "domain/time.hpp"

namespace rag {

/// How far a place's clocks are ahead of UTC, over the years. Immutable and thread-safe.
class TimeZone {
public:
    virtual ~TimeZone() = default;
    /// Milliseconds to take from a wall time (written as if it were UTC) to get the moment. A wall
    /// time that clocks skip counts as if they had not yet been moved; of one that they show twice
    /// the first is meant.
    virtual std::int64_t offset_ms_of_local(std::int64_t local_ms) const = 0;
    /// Milliseconds to add to a moment to get the wall time.
    virtual std::int64_t offset_ms(Timestamp utc) const = 0;
};

/// The zone without offset.
const TimeZone& utc_zone();

/// Day number of the date that a calendar on the wall shows at a moment.
std::int64_t day_in(const TimeZone& zone, Timestamp time);

/// The first moment of a day (a day number) in a zone: most often midnight. Where clocks skip
/// midnight, it is the moment after. A day's last moment is the millisecond before the next day's
/// first, so days of 23 or 25 hours are whole.
Timestamp first_moment(const TimeZone& zone, std::int64_t day);
Timestamp last_moment(const TimeZone& zone, std::int64_t day);

}  // namespace rag
