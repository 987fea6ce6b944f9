#include "infrastructure/metric_table.hpp"

#include <algorithm>
#include <array>

namespace rag {
namespace {

// The guide alerts on 0.5 s, 1 s, 2 s and 5 s, so each is a bound: its quantile is exact there.
constexpr std::array kRequestBuckets = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 30.0};
constexpr std::array kIngestBuckets = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0};
constexpr std::array kSearchBuckets = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0};
constexpr std::array kQueryBuckets = {0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0};

constexpr std::string_view kHttpSeries =
    "POST|/ingest|201;POST|/ingest|200;POST|/ingest|500;POST|/ingest|503;"
    "GET|/search|200;GET|/search|500;GET|/search|503;POST|/search|200;POST|/search|500";

constexpr std::array kFamilies = {
    MetricFamily{
        Metric::http_requests,
        "http_requests_total",
        MetricKind::counter,
        "method|route|status",
        240,
        {},
        kHttpSeries,
        "HTTP requests answered, by method, route template and status code."},
    MetricFamily{
        Metric::http_request_duration,
        "http_request_duration_seconds",
        MetricKind::histogram,
        "method|route",
        24,
        kRequestBuckets,
        "POST|/ingest;GET|/search",
        "Time from a request's headers to the end of its answer."},
    MetricFamily{
        Metric::http_connections,
        "http_connections",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "HTTP connections open."},
    MetricFamily{
        Metric::ingest_conversations,
        "ingest_conversations_total",
        MetricKind::counter,
        "status",
        4,
        {},
        "success;duplicate;error",
        "Conversations ingested."},
    MetricFamily{
        Metric::ingest_duration,
        "ingest_duration_seconds",
        MetricKind::histogram,
        "",
        1,
        kIngestBuckets,
        "",
        "Time to store one conversation."},
    MetricFamily{
        Metric::search_requests,
        "search_requests_total",
        MetricKind::counter,
        "mode|status",
        16,
        {},
        "hybrid|success;hybrid|degraded;hybrid|error;dense|success;dense|error;lexical|success;"
        "lexical|error",
        "Searches, by mode and outcome."},
    MetricFamily{
        Metric::search_duration,
        "search_duration_seconds",
        MetricKind::histogram,
        "mode",
        4,
        kSearchBuckets,
        "hybrid;dense;lexical",
        "Time of one search."},
    MetricFamily{
        Metric::embedding_generation_duration,
        "embedding_generation_duration_seconds",
        MetricKind::histogram,
        "provider",
        2,
        kSearchBuckets,
        "local",
        "Time of one call of the embedding provider."},
    MetricFamily{
        Metric::embedding_errors,
        "embedding_errors_total",
        MetricKind::counter,
        "provider|reason",
        20,
        {},
        "local|timeout;local|unavailable;local|overloaded;local|invalid;local|internal",
        "Calls of the embedding provider that failed."},
    MetricFamily{
        Metric::embedding_backlog,
        "embedding_backlog",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Texts that wait for their embedding."},
    MetricFamily{
        Metric::embedding_cache_hits,
        "embedding_cache_hits_total",
        MetricKind::counter,
        "",
        1,
        {},
        "",
        "Embeddings found in the cache."},
    MetricFamily{
        Metric::embedding_cache_misses,
        "embedding_cache_misses_total",
        MetricKind::counter,
        "",
        1,
        {},
        "",
        "Embeddings looked for in the cache and not found."},
    MetricFamily{
        Metric::database_connections_active,
        "database_connections_active",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Database connections open; 0: the database is lost."},
    // The operations guide divides by this name; a gauge should not end in _total otherwise.
    MetricFamily{
        Metric::database_connections_total,
        "database_connections_total",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Most database connections there can be."},
    MetricFamily{
        Metric::database_connections_in_use,
        "database_connections_in_use",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Database connections that work at this moment."},
    MetricFamily{
        Metric::database_pool_waiters,
        "database_pool_waiters",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Calls that wait for a database connection."},
    MetricFamily{
        Metric::database_wal_bytes,
        "database_wal_bytes",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Size of the write-ahead log of the embedded store."},
    MetricFamily{
        Metric::database_query_duration,
        "database_query_duration_seconds",
        MetricKind::histogram,
        "operation",
        17,
        kQueryBuckets,
        "save;candidates;load",
        "Time of one call of the repository."},
    MetricFamily{
        Metric::conversations,
        "conversations",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Conversations stored."},
    MetricFamily{Metric::chunks, "chunks", MetricKind::gauge, "", 1, {}, "", "Chunks stored."},
    MetricFamily{
        Metric::log_lines_lost,
        "log_lines_lost_total",
        MetricKind::counter,
        "",
        1,
        {},
        "",
        "Log lines that could not be written."},
    MetricFamily{
        Metric::build_info,
        "build_info",
        MetricKind::gauge,
        "version|compiler|environment",
        1,
        {},
        "",
        "Always 1; the labels tell what runs."},
    MetricFamily{
        Metric::process_cpu_seconds,
        "process_cpu_seconds_total",
        MetricKind::counter,
        "",
        1,
        {},
        "",
        "User and system CPU time spent."},
    MetricFamily{
        Metric::process_resident_memory_bytes,
        "process_resident_memory_bytes",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Resident memory."},
    MetricFamily{
        Metric::process_virtual_memory_bytes,
        "process_virtual_memory_bytes",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Virtual memory."},
    MetricFamily{
        Metric::process_open_fds,
        "process_open_fds",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "File descriptors open."},
    MetricFamily{
        Metric::process_max_fds,
        "process_max_fds",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Most file descriptors that may be open."},
    MetricFamily{
        Metric::process_start_time_seconds,
        "process_start_time_seconds",
        MetricKind::gauge,
        "",
        1,
        {},
        "",
        "Start of the process, in seconds since 1970."},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kFamilies.size(); ++i) {
        if (static_cast<std::size_t>(kFamilies[i].metric) != i) return false;
    }
    return true;
}
static_assert(in_order(), "kFamilies lists every Metric in the order of the enum");
static_assert(kFamilies.back().metric == Metric::process_start_time_seconds);

/// What a scrape holds at most: a histogram's child has a series a bucket, +Inf, sum and count.
constexpr std::size_t series_max() {
    std::size_t sum = 0;
    for (const MetricFamily& family : kFamilies) {
        const bool histogram = family.kind == MetricKind::histogram;
        sum += family.children_max * (histogram ? family.buckets.size() + 3 : 1);
    }
    return sum;
}
static_assert(series_max() <= 1'000, "a scrape must stay bounded under hostile traffic");

}  // namespace

std::span<const MetricFamily> metric_families() { return kFamilies; }

const MetricFamily& family_of(Metric metric) { return kFamilies[static_cast<std::size_t>(metric)]; }

std::string_view name_of(MetricKind kind) {
    switch (kind) {
        case MetricKind::counter:
            return "counter";
        case MetricKind::gauge:
            return "gauge";
        case MetricKind::histogram:
            return "histogram";
    }
    return "";
}

}  // namespace rag
