#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infrastructure/metrics.hpp"

/// The two text formats of a scrape: Prometheus 0.0.4 and OpenMetrics 1.0.
namespace rag {

std::string_view name_of(MetricKind kind);

struct ChildSample {
    std::vector<std::string> labels;
    double value = 0;                    // Of a histogram: the sum.
    std::vector<std::uint64_t> buckets;  // Not cumulated; the last is +Inf. Histograms only.
};

struct FamilySample {
    const MetricFamily* family = nullptr;
    std::vector<std::string> label_names;
    std::vector<ChildSample> children;
};

void append_family(std::string& out, const FamilySample& sample, MetricsFormat format);

}  // namespace rag
