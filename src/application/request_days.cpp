#include "application/request_days.hpp"

namespace rag {

Result<const TimeZone*> settle_days(
    Filter& filter,
    const RequestDays& days,
    const std::optional<std::string>& timezone,
    const TimeZones& zones
) {
    Result<const TimeZone*> zone = zones.find(timezone ? *timezone : std::string());
    if (!zone) return zone;
    if (days.from) filter.date_from = first_moment(**zone, days.from->number);
    if (days.to) filter.date_to = last_moment(**zone, days.to->number);
    return zone;
}

}  // namespace rag
