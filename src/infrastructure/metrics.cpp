#include "infrastructure/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "metric_text.hpp"
#include "process_stats.hpp"

namespace rag {
namespace {

#if defined(__clang__)
constexpr std::string_view kCompiler = "clang " __clang_version__;
#else
constexpr std::string_view kCompiler = "gcc " __VERSION__;
#endif

constexpr std::string_view kOther = "other";

constexpr bool names_are_unique() {
    for (const MetricFamily& one : kMetricFamilies) {
        if (std::ranges::count(kMetricFamilies, one.name, &MetricFamily::name) != 1) return false;
    }
    return true;
}
static_assert(names_are_unique());

/// What a scrape holds at most: a histogram's child has a series a bucket, +Inf, sum and count.
constexpr std::size_t series_max() {
    std::size_t sum = 0;
    for (const MetricFamily& family : kMetricFamilies) {
        const bool histogram = family.kind == MetricKind::histogram;
        sum += family.children_max * (histogram ? family.buckets.size() + 3 : 1);
    }
    return sum;
}
static_assert(series_max() <= 1'000, "a scrape must stay bounded under hostile traffic");

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

/// A metric with its label sets. Children are only ever added, and never move, so a reference to
/// one stays good after the lock is gone.
class Metrics::Family {
public:
    explicit Family(const MetricFamily& table) : table_(table) {
        if (!table.labels.empty()) label_names_ = split(table.labels, '|');
        if (label_names_.empty()) add({});
        if (table.from_start.empty()) return;
        for (const std::string& set : split(table.from_start, ';')) add(split(set, '|'));
    }

    void add(std::vector<std::string> labels) {
        children_.try_emplace(std::move(labels), table_.buckets.size() + 1);
    }

    void count(MetricLabels labels) { child(labels).sum.fetch_add(1); }

    void observe(MetricLabels labels, double value) {
        Child& child = this->child(labels);
        // "le" means at most: the first bound that is not smaller.
        const auto bound = std::ranges::lower_bound(table_.buckets, value);
        const auto bucket = static_cast<std::size_t>(bound - table_.buckets.begin());
        child.buckets[bucket].fetch_add(1, std::memory_order_relaxed);
        child.sum.fetch_add(value);
    }

    void read_from(std::function<double()> source) {
        const std::unique_lock lock(mutex_);
        source_ = std::move(source);
    }

    void set(double value) {
        const std::shared_lock lock(mutex_);
        for (auto& [labels, child] : children_) child.sum = value;
    }

    FamilySample sample() const {
        FamilySample sample{.family = &table_, .label_names = label_names_, .children = {}};
        const std::shared_lock lock(mutex_);
        for (const auto& [labels, child] : children_) {
            ChildSample values{.labels = labels, .value = child.sum, .buckets = {}};
            if (source_) values.value = source_();
            for (const auto& bucket : child.buckets) values.buckets.push_back(bucket);
            sample.children.push_back(std::move(values));
        }
        return sample;
    }

private:
    struct Child {
        explicit Child(std::size_t bucket_count) : buckets(bucket_count) {}
        std::atomic<double> sum = 0;  // A counter's or gauge's value too.
        std::vector<std::atomic<std::uint64_t>> buckets;
    };

    /// Compares label sets without making strings of them.
    struct Less {
        using is_transparent = void;
        bool operator()(const auto& a, const auto& b) const {
            return std::ranges::lexicographical_compare(a, b, [](const auto& x, const auto& y) {
                return std::string_view(x) < std::string_view(y);
            });
        }
    };

    Child& child(MetricLabels labels) {
        assert(labels.size() == label_names_.size());
        {
            const std::shared_lock lock(mutex_);
            const auto found = children_.find(labels);
            if (found != children_.end()) return found->second;
        }
        const std::unique_lock lock(mutex_);
        std::vector<std::string> names(labels.begin(), labels.end());
        // The last place is kept for what comes beyond the bound.
        if (!children_.contains(names) && children_.size() + 1 >= table_.children_max) {
            std::ranges::fill(names, kOther);
        }
        return children_.try_emplace(std::move(names), table_.buckets.size() + 1).first->second;
    }

    const MetricFamily& table_;
    std::vector<std::string> label_names_;
    mutable std::shared_mutex mutex_;
    std::map<std::vector<std::string>, Child, Less> children_;
    std::function<double()> source_;
};

Metrics::Metrics(const BuildInfo& build) {
    for (const MetricFamily& table : kMetricFamilies) {
        families_.push_back(std::make_unique<Family>(table));
    }
    constexpr SampledName kBuildInfo = "build_info";
    families_[kBuildInfo.index()]->add({build.version, std::string(kCompiler), build.environment});
    set(kBuildInfo, 1);
}

Metrics::~Metrics() = default;

void Metrics::count(CounterName counter, MetricLabels labels) {
    families_[counter.index()]->count(labels);
}

void Metrics::observe(HistogramName histogram, MetricLabels labels, double seconds) {
    families_[histogram.index()]->observe(labels, seconds);
}

void Metrics::read_from(SampledName metric, std::function<double()> source) {
    families_[metric.index()]->read_from(std::move(source));
}

void Metrics::set(SampledName metric, double value) const { families_[metric.index()]->set(value); }

std::string Metrics::render(MetricsFormat format) const {
    const ProcessStats process = read_process_stats();
    set("process_cpu_seconds_total", process.cpu_seconds);
    set("process_resident_memory_bytes", process.resident_bytes);
    set("process_virtual_memory_bytes", process.virtual_bytes);
    set("process_open_fds", process.open_fds);
    set("process_max_fds", process.max_fds);
    set("process_start_time_seconds", process.start_time);

    std::string text;
    for (const auto& family : families_) append_family(text, family->sample(), format);
    if (format == MetricsFormat::open_metrics) text += "# EOF\n";
    return text;
}

}  // namespace rag
