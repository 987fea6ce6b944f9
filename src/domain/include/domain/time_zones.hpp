#pragma once

#include <string_view>

#include "domain/error.hpp"
#include "domain/time_zone.hpp"

namespace rag {

/// The zones of the world by name. Thread-safe; what it gives lives as long as it does.
class TimeZones {
public:
    virtual ~TimeZones() = default;
    /// The zone with this IANA name ("Europe/Berlin"), in any case; without a name the one that is
    /// meant where nobody says. `invalid_argument`: there is none; the message tells the names
    /// most alike.
    virtual Result<const TimeZone*> find(std::string_view name) const = 0;
};

}  // namespace rag
