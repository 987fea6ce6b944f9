#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "application/ports/metric_table.hpp"

namespace rag {

struct BuildInfo {
    std::string version;
    std::string environment;
};

enum class MetricsFormat : std::uint8_t { prometheus_text, open_metrics };

/// Counts, and renders what it counted. Thread-safe; counting takes no lock but a shared one.
class Metrics {
public:
    explicit Metrics(const BuildInfo& build);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// `labels`: values in the order of the table. A label set beyond the family's bound counts
    /// under "other".
    void count(CounterName counter, MetricLabels labels);
    void observe(HistogramName histogram, MetricLabels labels, double seconds);

    /// A gauge, or a counter that somebody else keeps, asked at every scrape; must not block.
    /// Without one it shows 0.
    void read_from(SampledName metric, std::function<double()> source);

    std::string render(MetricsFormat format) const;

private:
    class Family;
    void set(SampledName metric, double value) const;

    std::vector<std::unique_ptr<Family>> families_;
};

}  // namespace rag
