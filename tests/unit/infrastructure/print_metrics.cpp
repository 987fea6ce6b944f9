#include <cstring>
#include <iostream>

#include "infrastructure/metrics.hpp"

/// print_metrics [--open]: a scrape of a server that has worked a little, for other programs to
/// check.
int main(int argc, char** argv) {
    rag::Metrics metrics({.version = "1.0.0", .environment = "a \"test\"\\\n"});
    metrics.count("http_requests_total", {"GET", "/conversations/{id}", "404"});
    metrics.observe("http_request_duration_seconds", {"GET", "/conversations/{id}"}, 0.0123);
    metrics.observe("ingest_duration_seconds", {}, 7);
    metrics.observe("database_query_duration_seconds", {"save"}, 1e-7);
    metrics.read_from("chunks", [] { return 1e9; });
    const bool open = argc == 2 && std::strcmp(argv[1], "--open") == 0;
    std::cout << metrics.render(
        open ? rag::MetricsFormat::open_metrics : rag::MetricsFormat::prometheus_text
    );
    return 0;
}
