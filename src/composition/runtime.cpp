#include "composition/runtime.hpp"

#include "infrastructure/process.hpp"
#include "infrastructure/version.hpp"
#include "text/analyzer.hpp"
#include "text/segmenter.hpp"
#include "text/time_zone.hpp"

namespace rag::composition {

namespace {

constexpr std::size_t kJobsWaitingMax = 1'024;

PoolOptions pool_options(const Config& config) {
    return {.name = "work", .threads = config.server.workers, .queue_max = kJobsWaitingMax};
}

}  // namespace

Result<std::unique_ptr<Runtime>> Runtime::make(const Config& config, int log_descriptor) {
    std::unique_ptr<LogSink> log = LogSink::to_descriptor(log_descriptor);
    if (config.server.log_file) {
        Result<std::unique_ptr<LogSink>> file = LogSink::to_file(*config.server.log_file);
        if (!file) return tl::unexpected(file.error());
        log = std::move(*file);
    }
    Result<std::unique_ptr<TermAnalyzer>> analyzer =
        text::make_analyzer(config.search.text_language);
    if (!analyzer) return tl::unexpected(analyzer.error());
    Result<std::unique_ptr<TimeZones>> zones =
        text::make_time_zones(config.search.default_timezone);
    if (!zones) {
        return fail(ErrorCode::invalid_argument, "DEFAULT_TIMEZONE " + zones.error().message);
    }
    return std::unique_ptr<Runtime>(
        new Runtime(config, std::move(log), std::move(*analyzer), std::move(*zones))
    );
}

Runtime::Runtime(
    const Config& config_,
    std::unique_ptr<LogSink> log_,
    std::unique_ptr<TermAnalyzer> analyzer_,
    std::unique_ptr<TimeZones> time_zones_
)
    : config(config_),
      log(std::move(log_)),
      metrics(BuildInfo{.version = std::string(kVersion), .environment = config_.server.environment}
      ),
      telemetry(*log, metrics, config_.server.log_level),
      pool(pool_options(config_), deadlines),
      pool_work(pool),
      work(pool_work, telemetry),
      analyzer(std::move(analyzer_)),
      segmenter(text::make_segmenter()),
      time_zones(std::move(time_zones_)),
      guard_(io_.get_executor()) {
    metrics.read_from("log_lines_lost_total", [this] { return static_cast<double>(log->lost()); });
    ignore_sigpipe();
    io_thread_ = std::thread([this] { io_.run(); });
}

Runtime::~Runtime() { stop(); }

void Runtime::stop() {
    guard_.reset();
    io_.stop();
    if (io_thread_.joinable()) io_thread_.join();
    pool.stop();
}

}  // namespace rag::composition
