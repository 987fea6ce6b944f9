#pragma once

#include <optional>
#include <string_view>

#include "domain/time.hpp"
#include "domain/time_zone.hpp"

namespace rag {

/// A time as programs write it: RFC 3339; ISO 8601 with `+0000`, with a space, without seconds,
/// without a zone or only a date (in `zone`); or at least nine digits of an epoch, as
/// `epoch_timestamp` reads them. nullopt: none of these, or no such moment.
std::optional<Timestamp> parse_sent_timestamp(std::string_view text, const TimeZone& zone);

/// Seconds of the epoch below 10^11, milliseconds below 10^14, a fraction and an exponent allowed;
/// `text` is a number as JSON spells it. nullopt: no number, negative, or beyond.
std::optional<Timestamp> epoch_timestamp(std::string_view text);

}  // namespace rag
