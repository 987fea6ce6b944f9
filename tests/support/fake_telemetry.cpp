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

std::string event_of(const MetricFamily& family, MetricLabels labels) {
    std::string event(family.name);
    for (const std::string_view label : labels) event += " " + std::string(label);
    return event;
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

void FakeTelemetry::count(CounterName counter, MetricLabels labels) {
    add(event_of(counter.family(), labels));
}

void FakeTelemetry::observe(HistogramName histogram, MetricLabels labels, double) {
    add(event_of(histogram.family(), labels));
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
