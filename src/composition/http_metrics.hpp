#pragma once

#include <string>

#include "http/application.hpp"
#include "infrastructure/metrics.hpp"

namespace rag::composition {

/// The HTTP side's counts, as metrics.
class HttpMetrics final : public http::HttpMetrics {
public:
    explicit HttpMetrics(Metrics& metrics) : metrics_(metrics) {}

    void request_done(
        std::string_view method, std::string_view route, int status, std::optional<double> seconds
    ) override {
        metrics_.count(Metric::http_requests, {method, route, std::to_string(status)});
        if (seconds) metrics_.observe(Metric::http_request_duration, {method, route}, *seconds);
    }

private:
    Metrics& metrics_;
};

}  // namespace rag::composition
