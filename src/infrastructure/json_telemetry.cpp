#include "infrastructure/json_telemetry.hpp"

#include "log_line.hpp"

namespace rag {
JsonTelemetry::JsonTelemetry(LogSink& sink, Metrics& metrics, LogLevel lowest)
    : sink_(sink), metrics_(metrics), lowest_(lowest) {}

void JsonTelemetry::log(
    LogLevel level,
    std::string_view logger,
    std::string_view message,
    std::string_view trace_id,
    std::span<const LogField> fields
) {
    if (level < lowest_) return;
    sink_.write(log_line(log_timestamp(), level, logger, message, trace_id, fields));
}

void JsonTelemetry::count(CounterName counter, MetricLabels labels) {
    metrics_.count(counter, labels);
}

void JsonTelemetry::observe(HistogramName histogram, MetricLabels labels, double seconds) {
    metrics_.observe(histogram, labels, seconds);
}

}  // namespace rag
