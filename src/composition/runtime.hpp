#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>

#include "application/observed_work_pool.hpp"
#include "domain/text_ports.hpp"
#include "domain/time_zones.hpp"
#include "infrastructure/config.hpp"
#include "infrastructure/json_telemetry.hpp"
#include "infrastructure/log_sink.hpp"
#include "infrastructure/metrics.hpp"
#include "infrastructure/pool_work.hpp"

namespace rag::composition {

/// What a process has once, whether it owns the store or not: its io thread, a pool for work that
/// computes, logs, metrics and the analysis of text.
class Runtime {
public:
    /// `invalid_argument`: the log file cannot be opened, or the language or the time zone is
    /// unknown.
    static Result<std::unique_ptr<Runtime>> make(const Config& config, int log_descriptor);
    ~Runtime();  // As `stop`.
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// Stops the io thread, then the pool. What still waits is dropped. Idempotent.
    void stop();

    boost::asio::io_context::executor_type executor() { return io_.get_executor(); }

    const Config config;
    std::unique_ptr<LogSink> log;
    Metrics metrics;
    JsonTelemetry telemetry;
    Deadlines deadlines;
    BoundedPool pool;
    PoolWork pool_work;
    ObservedWorkPool work;
    std::unique_ptr<TermAnalyzer> analyzer;
    std::unique_ptr<Segmenter> segmenter;
    std::unique_ptr<TimeZones> time_zones;

private:
    Runtime(
        const Config& config,
        std::unique_ptr<LogSink> log,
        std::unique_ptr<TermAnalyzer> analyzer,
        std::unique_ptr<TimeZones> time_zones
    );

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::thread io_thread_;
};

}  // namespace rag::composition
