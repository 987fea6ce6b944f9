#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "application/ports/telemetry.hpp"

namespace rag::test {

struct LogLine {
    LogLevel level;
    std::string logger;
    std::string message;
    std::string trace_id;
    /// Values as text; a string value keeps its quotes, so that "12" and 12 are told apart.
    std::map<std::string, std::string> fields;
};

/// Remembers everything that it is told.
class FakeTelemetry final : public Telemetry {
public:
    void log(
        LogLevel level,
        std::string_view logger,
        std::string_view message,
        std::string_view trace_id,
        std::span<const LogField> fields
    ) override;
    void count(CounterName counter, MetricLabels labels) override;
    void observe(HistogramName histogram, MetricLabels labels, double seconds) override;

    std::vector<LogLine> lines() const;
    /// How often something was counted or observed: the metric's name, then its labels, as in
    /// "search_requests_total hybrid degraded".
    int count(const std::string& event) const;

private:
    void add(std::string event);

    mutable std::mutex mutex_;
    std::vector<LogLine> lines_;
    std::map<std::string, int> counts_;
};

}  // namespace rag::test
