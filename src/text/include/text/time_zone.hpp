#pragma once

#include <memory>
#include <string_view>

#include "domain/time_zones.hpp"

namespace rag::text {

/// The zones of the IANA database, as ICU has them. `fallback`: the zone that is meant without a
/// name. `invalid_argument`: no such zone; the message tells the names most alike.
Result<std::unique_ptr<TimeZones>> make_time_zones(std::string_view fallback);

}  // namespace rag::text
