#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

/// The one list of metrics, this low so that whoever counts can name a row. The registry, both
/// formats of /metrics and docs/metrics.md are made from it.
namespace rag {

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

struct MetricFamily {
    std::string_view name;
    MetricKind kind = MetricKind::gauge;
    std::string_view labels = {};  // "method|route"; empty: none.
    std::size_t children_max = 1;  // Label sets; what comes beyond counts as "other".
    std::span<const double> buckets = {};
    /// Label sets that stand at zero from the start: "POST|/ingest|500; ...".
    std::string_view from_start = {};
    std::string_view help;
};

/// The values of a family's labels, in its order; each of a closed list.
using MetricLabels = std::initializer_list<std::string_view>;

namespace metric_buckets {

// The guide alerts on 0.5 s, 1 s, 2 s and 5 s, so each is a bound: its quantile is exact there.
inline constexpr double kRequest[] = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 30.0};
inline constexpr double kIngest[] = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0};
inline constexpr double kSearch[] = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0};
inline constexpr double kQuery[] = {0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0};

}  // namespace metric_buckets

// clang-format off
inline constexpr MetricFamily kMetricFamilies[] = {
    {.name = "http_requests_total", .kind = MetricKind::counter, .labels = "method|route|status",
     .children_max = 240,
     .from_start = "POST|/ingest|201;POST|/ingest|200;POST|/ingest|500;POST|/ingest|503;"
                   "GET|/search|200;GET|/search|500;GET|/search|503;POST|/search|200;"
                   "POST|/search|500",
     .help = "HTTP requests answered, by method, route template and status code."},
    {.name = "http_request_duration_seconds", .kind = MetricKind::histogram,
     .labels = "method|route", .children_max = 24, .buckets = metric_buckets::kRequest,
     .from_start = "POST|/ingest;GET|/search",
     .help = "Time from a request's headers to the end of its answer."},
    {.name = "http_connections", .help = "HTTP connections open."},
    {.name = "ingest_conversations_total", .kind = MetricKind::counter, .labels = "status",
     .children_max = 4, .from_start = "success;duplicate;error",
     .help = "Conversations ingested."},
    {.name = "ingest_duration_seconds", .kind = MetricKind::histogram,
     .buckets = metric_buckets::kIngest,
     .help = "Time to store one conversation."},
    {.name = "search_requests_total", .kind = MetricKind::counter, .labels = "mode|status",
     .children_max = 16,
     .from_start = "hybrid|success;hybrid|degraded;hybrid|error;dense|success;dense|error;"
                   "lexical|success;lexical|error",
     .help = "Searches, by mode and outcome."},
    {.name = "search_duration_seconds", .kind = MetricKind::histogram, .labels = "mode",
     .children_max = 4, .buckets = metric_buckets::kSearch, .from_start = "hybrid;dense;lexical",
     .help = "Time of one search."},
    {.name = "embedding_generation_duration_seconds", .kind = MetricKind::histogram,
     .labels = "provider", .children_max = 2, .buckets = metric_buckets::kSearch,
     .from_start = "local",
     .help = "Time of one call of the embedding provider."},
    {.name = "embedding_errors_total", .kind = MetricKind::counter, .labels = "provider|reason",
     .children_max = 20,
     .from_start = "local|timeout;local|unavailable;local|overloaded;local|invalid;"
                   "local|internal",
     .help = "Calls of the embedding provider that failed."},
    {.name = "embedding_backlog", .help = "Texts that wait for their embedding."},
    {.name = "embedding_cache_hits_total", .kind = MetricKind::counter,
     .help = "Embeddings found in the cache."},
    {.name = "embedding_cache_misses_total", .kind = MetricKind::counter,
     .help = "Embeddings looked for in the cache and not found."},
    {.name = "database_connections_active",
     .help = "Database connections open; 0: the database is lost."},
    // The operations guide divides by this name; a gauge should not end in _total otherwise.
    {.name = "database_connections_total", .help = "Most database connections there can be."},
    {.name = "database_connections_in_use",
     .help = "Database connections that work at this moment."},
    {.name = "database_pool_waiters", .help = "Calls that wait for a database connection."},
    {.name = "database_wal_bytes", .help = "Size of the write-ahead log of the embedded store."},
    {.name = "database_query_duration_seconds", .kind = MetricKind::histogram,
     .labels = "operation", .children_max = 19, .buckets = metric_buckets::kQuery,
     .from_start = "save;candidates;load",
     .help = "Time of one call of the repository."},
    {.name = "conversations", .help = "Conversations stored."},
    {.name = "chunks", .help = "Chunks stored."},
    {.name = "log_lines_lost_total", .kind = MetricKind::counter,
     .help = "Log lines that could not be written."},
    {.name = "build_info", .labels = "version|compiler|environment",
     .help = "Always 1; the labels tell what runs."},
    {.name = "process_cpu_seconds_total", .kind = MetricKind::counter,
     .help = "User and system CPU time spent."},
    {.name = "process_resident_memory_bytes", .help = "Resident memory."},
    {.name = "process_virtual_memory_bytes", .help = "Virtual memory."},
    {.name = "process_open_fds", .help = "File descriptors open."},
    {.name = "process_max_fds", .help = "Most file descriptors that may be open."},
    {.name = "process_start_time_seconds",
     .help = "Start of the process, in seconds since 1970."},
};
// clang-format on

/// The place of a family in the table; a name that is not there does not compile.
consteval std::size_t metric_index(std::string_view name) {
    std::size_t index = 0;
    while (kMetricFamilies[index].name != name) ++index;
    return index;
}

/// A row of the table, written as its name: `telemetry.count("embedding_cache_hits_total", {})`.
/// The compiler looks it up, so a name that the table lacks, or one of another kind, is its error.
template <MetricKind... kinds>
class MetricName {
public:
    consteval MetricName(const char* name) : index_(metric_index(name)) {
        if (((family().kind != kinds) && ...)) throw "the metric is of another kind";
    }

    constexpr std::size_t index() const { return index_; }
    constexpr const MetricFamily& family() const { return kMetricFamilies[index_]; }

private:
    std::size_t index_;
};

using CounterName = MetricName<MetricKind::counter>;
using HistogramName = MetricName<MetricKind::histogram>;
/// One whose value somebody else keeps.
using SampledName = MetricName<MetricKind::gauge, MetricKind::counter>;

}  // namespace rag
