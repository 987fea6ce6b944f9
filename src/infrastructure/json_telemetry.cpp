#include "infrastructure/json_telemetry.hpp"

#include "log_line.hpp"

namespace rag {
namespace {

std::string_view name_of(WriteStatus status) {
    switch (status) {
        case WriteStatus::success:
            return "success";
        case WriteStatus::duplicate:
            return "duplicate";
        case WriteStatus::error:
            return "error";
    }
    return "error";
}

std::string_view name_of(SearchStatus status) {
    switch (status) {
        case SearchStatus::success:
            return "success";
        case SearchStatus::degraded:
            return "degraded";
        case SearchStatus::error:
            return "error";
    }
    return "error";
}

}  // namespace

JsonTelemetry::JsonTelemetry(LogSink& sink, Metrics& metrics, LogLevel lowest)
    : sink_(sink), metrics_(metrics), lowest_(lowest) {}

void JsonTelemetry::log(
    LogLevel level,
    std::string_view logger,
    std::string_view message,
    std::string_view trace_id,
    std::span<const LogField> fields
) {
    if (level < lowest_) return;
    sink_.write(log_line(log_timestamp(), level, logger, message, trace_id, fields));
}

void JsonTelemetry::ingest_done(WriteStatus status, double seconds) {
    metrics_.count(Metric::ingest_conversations, {name_of(status)});
    metrics_.observe(Metric::ingest_duration, {}, seconds);
}

void JsonTelemetry::search_done(std::string_view mode, SearchStatus status, double seconds) {
    metrics_.count(Metric::search_requests, {mode, name_of(status)});
    metrics_.observe(Metric::search_duration, {mode}, seconds);
}

void JsonTelemetry::embedding_done(std::string_view provider, double seconds) {
    metrics_.observe(Metric::embedding_generation_duration, {provider}, seconds);
}

void JsonTelemetry::embedding_failed(std::string_view provider, std::string_view reason) {
    metrics_.count(Metric::embedding_errors, {provider, reason});
}

void JsonTelemetry::database_query_done(std::string_view operation, double seconds) {
    metrics_.observe(Metric::database_query_duration, {operation}, seconds);
}

}  // namespace rag
