#include "support/fake_telemetry.hpp"

#include <type_traits>

namespace rag::test {
namespace {

std::string text_of(const LogField& field) {
    return std::visit(
        [](const auto& value) -> std::string {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, std::string_view>) {
                return '"' + std::string(value) + '"';
            } else if constexpr (std::is_same_v<Value, bool>) {
                return value ? "true" : "false";
            } else {
                return std::to_string(value);
            }
        },
        field.value
    );
}

std::string name_of(WriteStatus status) {
    switch (status) {
        case WriteStatus::success:
            return "success";
        case WriteStatus::duplicate:
            return "duplicate";
        case WriteStatus::error:
            return "error";
    }
    return "?";
}

std::string name_of(SearchStatus status) {
    switch (status) {
        case SearchStatus::success:
            return "success";
        case SearchStatus::degraded:
            return "degraded";
        case SearchStatus::error:
            return "error";
    }
    return "?";
}

}  // namespace

void FakeTelemetry::log(
    LogLevel level,
    std::string_view logger,
    std::string_view message,
    std::string_view trace_id,
    std::span<const LogField> fields
) {
    LogLine line{level, std::string(logger), std::string(message), std::string(trace_id), {}};
    for (const LogField& field : fields) line.fields[std::string(field.name)] = text_of(field);
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
}

void FakeTelemetry::ingest_done(WriteStatus status, double) { add("ingest " + name_of(status)); }

void FakeTelemetry::search_done(std::string_view mode, SearchStatus status, double) {
    add("search " + std::string(mode) + " " + name_of(status));
}

void FakeTelemetry::embedding_done(std::string_view provider, double) {
    add("embedding " + std::string(provider));
}

void FakeTelemetry::embedding_failed(std::string_view provider, std::string_view reason) {
    add("embedding_error " + std::string(provider) + " " + std::string(reason));
}

void FakeTelemetry::database_query_done(std::string_view operation, double) {
    add("database " + std::string(operation));
}

std::vector<LogLine> FakeTelemetry::lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
}

int FakeTelemetry::count(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(event);
    return found == counts_.end() ? 0 : found->second;
}

void FakeTelemetry::add(std::string event) {
    const std::lock_guard lock(mutex_);
    ++counts_[std::move(event)];
}

}  // namespace rag::test
