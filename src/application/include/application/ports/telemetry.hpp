#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "application/ports/metric_table.hpp"

namespace rag {

enum class LogLevel : std::uint8_t { debug, info, warning, error, critical };

/// A field of a log line. Never a message text, title, author name, query, key or password.
struct LogField {
    std::string_view name;
    std::variant<std::int64_t, double, bool, std::string_view> value;
};

/// How everything above the infrastructure counts and tells what it does. Thread-safe, never
/// blocks, never fails.
class Telemetry {
public:
    virtual ~Telemetry() = default;

    /// `trace_id`: of the request it belongs to, or empty.
    virtual void log(
        LogLevel level,
        std::string_view logger,
        std::string_view message,
        std::string_view trace_id,
        std::span<const LogField> fields
    ) = 0;

    /// One more. Each label is a word of a closed list, never what a client sent.
    virtual void count(CounterName counter, MetricLabels labels) = 0;
    virtual void observe(HistogramName histogram, MetricLabels labels, double seconds) = 0;
};

}  // namespace rag
