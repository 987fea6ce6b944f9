#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "infrastructure/metric_table.hpp"

namespace rag {

struct BuildInfo {
    std::string version;
    std::string environment;
};

enum class MetricsFormat : std::uint8_t { prometheus_text, open_metrics };

/// Counts, and renders what it counted. Thread-safe; counting takes no lock but a shared one.
class Metrics {
public:
    using Labels = std::initializer_list<std::string_view>;

    explicit Metrics(const BuildInfo& build);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// `labels`: values in the order of the table. A label set beyond the family's bound counts
    /// under "other".
    void count(Metric counter, Labels labels, double by = 1);
    void observe(Metric histogram, Labels labels, double seconds);

    /// A gauge, or a counter that somebody else keeps, asked at every scrape; must not block.
    /// Without one it shows 0.
    void read_from(Metric metric, std::function<double()> source);

    std::string render(MetricsFormat format) const;

    static std::string_view content_type(MetricsFormat format);

private:
    class Family;
    std::vector<std::unique_ptr<Family>> families_;
};

}  // namespace rag
