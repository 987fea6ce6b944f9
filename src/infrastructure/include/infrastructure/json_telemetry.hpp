#pragma once

#include "application/ports/telemetry.hpp"
#include "infrastructure/log_sink.hpp"
#include "infrastructure/metrics.hpp"

namespace rag {

/// The telemetry of the running program: log lines as JSON, counts as metrics.
class JsonTelemetry final : public Telemetry {
public:
    /// Lines below `lowest` are not written. Both must outlive it.
    JsonTelemetry(LogSink& sink, Metrics& metrics, LogLevel lowest);

    void log(
        LogLevel level,
        std::string_view logger,
        std::string_view message,
        std::string_view trace_id,
        std::span<const LogField> fields
    ) override;

    void count(CounterName counter, MetricLabels labels) override;
    void observe(HistogramName histogram, MetricLabels labels, double seconds) override;

private:
    LogSink& sink_;
    Metrics& metrics_;
    const LogLevel lowest_;
};

}  // namespace rag
