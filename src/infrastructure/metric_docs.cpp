#include "infrastructure/generated_docs.hpp"
#include "metric_text.hpp"

namespace rag {
namespace {

constexpr std::string_view kIntroduction = R"(# Metrics

<!-- Generated from src/application/include/application/ports/metric_table.hpp by `generate_docs`.
     Do not edit. -->

`GET /metrics` answers in the Prometheus text format 0.0.4, or in OpenMetrics 1.0 where `Accept` asks
for it. Every family is there from the first scrape on, at zero. A scrape holds at most 1,000
series: label sets beyond a family's bound count under `other`. Routes are templates, never raw
paths; a path that no route knows is `{unknown}`, an unknown verb (or a 405) is `OTHER` and has no
histogram. `status` of `http_*` is the HTTP code, else `success`, `duplicate`, `degraded` or `error`.

`database_connections_total` is a gauge whose name the operations guide fixed; that is the one
remark `promtool check metrics` makes.

| name | type | labels | meaning |
|---|---|---|---|
)";

}  // namespace

std::string metrics_markdown() {
    std::string text(kIntroduction);
    for (const MetricFamily& family : kMetricFamilies) {
        std::string labels;
        for (const char c : family.labels) labels += c == '|' ? "`, `" : std::string(1, c);
        if (!labels.empty()) labels = "`" + labels + "`";
        text += "| `" + std::string(family.name) + "` | " + std::string(name_of(family.kind)) +
                " | " + labels + " | " + std::string(family.help) + " |\n";
    }
    return text;
}

}  // namespace rag
