#include "infrastructure/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <thread>
#include <vector>

namespace rag {
namespace {

using testing::HasSubstr;
using testing::Not;

class MetricsTest : public testing::Test {
protected:
    std::string text() const { return metrics_.render(MetricsFormat::prometheus_text); }
    std::string open() const { return metrics_.render(MetricsFormat::open_metrics); }

    void request_done(std::string_view method, std::string_view route, int status, double seconds) {
        metrics_.count("http_requests_total", {method, route, std::to_string(status)});
        metrics_.observe("http_request_duration_seconds", {method, route}, seconds);
    }

    Metrics metrics_{{.version = "1.2.3", .environment = "test"}};
};

std::size_t count_series(const std::string& text) {
    std::istringstream lines(text);
    std::size_t series = 0;
    for (std::string line; std::getline(lines, line);) series += line.starts_with('#') ? 0 : 1;
    return series;
}

TEST_F(MetricsTest, EveryFamilyHasASeriesAtTheFirstScrape) {
    const std::string text = this->text();

    for (const MetricFamily& family : kMetricFamilies) {
        const std::string name(family.name);
        EXPECT_THAT(text, HasSubstr("# TYPE " + name + " "));
        EXPECT_THAT(text, testing::ContainsRegex("\n" + name + "(_bucket)?[{ ]")) << name;
    }
}

TEST_F(MetricsTest, LabelSetsThatAlertsReadStandAtZeroFromTheStart) {
    const std::string text = this->text();

    for (const char* line : {
             "http_requests_total{method=\"POST\",route=\"/ingest\",status=\"500\"} 0\n",
             "http_requests_total{method=\"GET\",route=\"/search\",status=\"500\"} 0\n",
             "http_request_duration_seconds_count{method=\"GET\",route=\"/search\"} 0\n",
             "ingest_conversations_total{status=\"success\"} 0\n",
             "ingest_duration_seconds_bucket{le=\"5\"} 0\n",
             "search_requests_total{mode=\"hybrid\",status=\"success\"} 0\n",
             "search_duration_seconds_bucket{mode=\"hybrid\",le=\"0.5\"} 0\n",
             "embedding_errors_total{provider=\"local\",reason=\"timeout\"} 0\n",
             "database_connections_active 0\n",
         }) {
        EXPECT_THAT(text, HasSubstr(line));
    }
}

TEST_F(MetricsTest, BucketsAreCumulativeAndTheirBoundsInclusive) {
    metrics_.observe("search_duration_seconds", {"dense"}, 0.5);
    metrics_.observe("search_duration_seconds", {"dense"}, 0.6);
    metrics_.observe("search_duration_seconds", {"dense"}, 99);

    const std::string text = this->text();

    EXPECT_THAT(text, HasSubstr("search_duration_seconds_bucket{mode=\"dense\",le=\"0.25\"} 0\n"));
    EXPECT_THAT(text, HasSubstr("search_duration_seconds_bucket{mode=\"dense\",le=\"0.5\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("search_duration_seconds_bucket{mode=\"dense\",le=\"1\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("search_duration_seconds_bucket{mode=\"dense\",le=\"+Inf\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("search_duration_seconds_sum{mode=\"dense\"} 100.1\n"));
    EXPECT_THAT(text, HasSubstr("search_duration_seconds_count{mode=\"dense\"} 3\n"));
}

TEST_F(MetricsTest, GaugesAreReadAtTheScrape) {
    double value = 3;
    metrics_.read_from("conversations", [&value] { return value; });
    EXPECT_THAT(text(), HasSubstr("\nconversations 3\n"));

    value = 4;
    EXPECT_THAT(text(), HasSubstr("\nconversations 4\n"));
}

TEST_F(MetricsTest, StaysBoundedUnderHostileTraffic) {
    for (int i = 0; i < 5'000; ++i) {
        request_done("GET", "/r" + std::to_string(i), 200 + i % 400, 0.1);
        metrics_.count("embedding_errors_total", {"p" + std::to_string(i), "r"});
        metrics_.observe("search_duration_seconds", {"m" + std::to_string(i)}, 0.1);
        metrics_.observe("database_query_duration_seconds", {"o" + std::to_string(i)}, 0.1);
    }

    EXPECT_LE(count_series(text()), 1'000u);
    EXPECT_THAT(
        text(),
        HasSubstr("http_requests_total{method=\"other\",route=\"other\",status=\"other\"} 4")
    );
    // What was known before is counted on.
    request_done("POST", "/ingest", 500, 0.1);
    EXPECT_THAT(
        text(),
        HasSubstr("http_requests_total{method=\"POST\",route=\"/ingest\",status=\"500\"} 1\n")
    );
}

TEST_F(MetricsTest, EscapesLabelValues) {
    metrics_.count("search_requests_total", {"a\"b\\c\nd", "success"});

    EXPECT_THAT(
        text(), HasSubstr(R"(search_requests_total{mode="a\"b\\c\nd",status="success"} 1)")
    );
}

TEST_F(MetricsTest, OpenMetricsNamesCountersWithoutTheirSuffixAndEnds) {
    const std::string text = open();

    EXPECT_THAT(text, HasSubstr("# TYPE http_requests counter\n"));
    EXPECT_THAT(text, HasSubstr("\nhttp_requests_total{method="));
    EXPECT_THAT(text, HasSubstr("# TYPE database_connections_total gauge\n"));
    EXPECT_THAT(text, HasSubstr("search_duration_seconds_bucket{mode=\"hybrid\",le=\"1.0\"} 0\n"));
    EXPECT_TRUE(text.ends_with("\n# EOF\n"));
    EXPECT_THAT(this->text(), Not(HasSubstr("# EOF")));
}

TEST_F(MetricsTest, TellsWhatRunsAndHowTheProcessIs) {
    const std::string text = this->text();

    EXPECT_THAT(text, HasSubstr("build_info{version=\"1.2.3\",compiler=\""));
    EXPECT_THAT(text, HasSubstr(",environment=\"test\"} 1\n"));
    EXPECT_THAT(text, testing::ContainsRegex("\nprocess_resident_memory_bytes [1-9]"));
    EXPECT_THAT(text, testing::ContainsRegex("\nprocess_open_fds [1-9]"));
    EXPECT_THAT(text, testing::ContainsRegex("\nprocess_max_fds [1-9]"));
    EXPECT_THAT(text, testing::ContainsRegex("\nprocess_start_time_seconds [1-9]"));
}

TEST_F(MetricsTest, LosesNoCountOfManyThreads) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (int n = 0; n < 5'000; ++n) {
                request_done("GET", "/search", 200, 1);
                metrics_.count("search_requests_total", {"x" + std::to_string(n % 3), "success"});
            }
        });
    }
    for (std::thread& thread : threads) thread.join();

    const std::string text = this->text();
    EXPECT_THAT(
        text,
        HasSubstr("http_request_duration_seconds_sum{method=\"GET\",route=\"/search\"} 20000\n")
    );
    EXPECT_THAT(
        text,
        HasSubstr("http_requests_total{method=\"GET\",route=\"/search\",status=\"200\"} 20000\n")
    );
}

}  // namespace
}  // namespace rag
