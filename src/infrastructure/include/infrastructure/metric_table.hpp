#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// The one list of metrics. The registry, both formats of /metrics and docs/metrics.md are made
/// from it.
namespace rag {

enum class Metric : std::uint8_t {
    http_requests,
    http_request_duration,
    http_connections,
    ingest_conversations,
    ingest_duration,
    search_requests,
    search_duration,
    embedding_generation_duration,
    embedding_errors,
    embedding_backlog,
    embedding_cache_hits,
    embedding_cache_misses,
    database_connections_active,
    database_connections_total,
    database_connections_in_use,
    database_pool_waiters,
    database_wal_bytes,
    database_query_duration,
    conversations,
    chunks,
    log_lines_lost,
    build_info,
    process_cpu_seconds,
    process_resident_memory_bytes,
    process_virtual_memory_bytes,
    process_open_fds,
    process_max_fds,
    process_start_time_seconds
};

enum class MetricKind : std::uint8_t { counter, gauge, histogram };

struct MetricFamily {
    Metric metric;
    std::string_view name;
    MetricKind kind;
    std::string_view labels;   // "method|route"; empty: none.
    std::size_t children_max;  // Label sets; what comes beyond counts as "other".
    std::span<const double> buckets;
    /// Label sets that stand at zero from the start: "POST|/ingest|500; ...".
    std::string_view from_start;
    std::string_view help;
};

/// In the order of `Metric`.
std::span<const MetricFamily> metric_families();

const MetricFamily& family_of(Metric metric);
std::string_view name_of(MetricKind kind);

}  // namespace rag
