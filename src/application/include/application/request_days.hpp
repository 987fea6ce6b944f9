#pragma once

#include <optional>
#include <string>

#include "domain/search.hpp"
#include "domain/time_zones.hpp"

namespace rag {

/// The bare dates among a request's bounds; whole days, but where is said by its zone.
struct RequestDays {
    std::optional<Day> from = {};
    std::optional<Day> to = {};
};

/// Puts the moments at which those days begin and end in the zone into the filter, and answers the
/// zone. `timezone`: an IANA name; absent: the configured one. `invalid_argument` with the pointer
/// /timezone: there is no such zone.
Result<const TimeZone*> settle_days(
    Filter& filter,
    const RequestDays& days,
    const std::optional<std::string>& timezone,
    const TimeZones& zones
);

}  // namespace rag
