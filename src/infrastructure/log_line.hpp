#pragma once

#include <span>
#include <string>

#include "application/ports/telemetry.hpp"

namespace rag {

/// One log line with its line feed: timestamp, level, logger, message, fields, trace_id; compact
/// JSON. Long texts are cut, so a line stays one write.
std::string log_line(
    std::string_view timestamp,
    LogLevel level,
    std::string_view logger,
    std::string_view message,
    std::string_view trace_id,
    std::span<const LogField> fields
);

/// Now, as log lines show it.
std::string log_timestamp();

}  // namespace rag
