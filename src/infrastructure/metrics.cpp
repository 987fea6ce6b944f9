#include "infrastructure/metrics.hpp"

#include <algorithm>
#include <atomic>
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

    void count(Labels labels, double by) { child(labels).sum.fetch_add(by); }

    void observe(Labels labels, double value) {
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

    Child& child(Labels labels) {
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
    for (const MetricFamily& table : metric_families()) {
        families_.push_back(std::make_unique<Family>(table));
    }
    Family& info = *families_[static_cast<std::size_t>(Metric::build_info)];
    info.add({build.version, std::string(kCompiler), build.environment});
    info.set(1);
}

Metrics::~Metrics() = default;

void Metrics::count(Metric counter, Labels labels, double by) {
    families_[static_cast<std::size_t>(counter)]->count(labels, by);
}

void Metrics::observe(Metric histogram, Labels labels, double seconds) {
    families_[static_cast<std::size_t>(histogram)]->observe(labels, seconds);
}

void Metrics::read_from(Metric metric, std::function<double()> source) {
    families_[static_cast<std::size_t>(metric)]->read_from(std::move(source));
}

std::string Metrics::render(MetricsFormat format) const {
    const ProcessStats process = read_process_stats();
    const auto set = [this](Metric metric, double value) {
        families_[static_cast<std::size_t>(metric)]->set(value);
    };
    set(Metric::process_cpu_seconds, process.cpu_seconds);
    set(Metric::process_resident_memory_bytes, process.resident_bytes);
    set(Metric::process_virtual_memory_bytes, process.virtual_bytes);
    set(Metric::process_open_fds, process.open_fds);
    set(Metric::process_max_fds, process.max_fds);
    set(Metric::process_start_time_seconds, process.start_time);

    std::string text;
    for (const auto& family : families_) append_family(text, family->sample(), format);
    if (format == MetricsFormat::open_metrics) text += "# EOF\n";
    return text;
}

std::string_view Metrics::content_type(MetricsFormat format) {
    return format == MetricsFormat::open_metrics
               ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
               : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace rag
