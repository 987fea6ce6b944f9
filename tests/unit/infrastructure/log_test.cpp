#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "infrastructure/json_telemetry.hpp"
#include "infrastructure/log_sink.hpp"
#include "log_line.hpp"

namespace rag {
namespace {

using testing::HasSubstr;

class LogTest : public testing::Test {
protected:
    LogTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "log_test.XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
    }
    ~LogTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    static std::string content(const std::filesystem::path& path) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }

private:
    std::filesystem::path folder_;
};

TEST(LogLine, LooksExactlyAsTheOperationsGuideHasIt) {
    const LogField fields[] = {
        {"conversation_id", std::string_view("123")},
        {"chunk_count", std::int64_t{15}},
        {"duration_ms", std::int64_t{1234}}};

    const std::string line = log_line(
        "2025-11-07T14:30:45.123Z",
        LogLevel::info,
        "app.application.ingest_conversation",
        "Conversation ingested successfully",
        "abc-def-ghi",
        fields
    );

    EXPECT_EQ(
        line,
        R"({"timestamp":"2025-11-07T14:30:45.123Z","level":"INFO",)"
        R"("logger":"app.application.ingest_conversation",)"
        R"("message":"Conversation ingested successfully","conversation_id":"123",)"
        R"("chunk_count":15,"duration_ms":1234,"trace_id":"abc-def-ghi"})"
        "\n"
    );
}

TEST(LogLine, StaysOneLineOfValidJsonWhateverComesIn) {
    const LogField fields[] = {{"a\"b", std::string_view("x\ny\xff")}, {"ok", true}, {"ms", 1.5}};

    const std::string line =
        log_line("t", LogLevel::critical, "l", std::string(100'000, 'x') + "\n", "", fields);

    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
    EXPECT_THAT(line, HasSubstr("\"a\\\"b\":\"x\\ny\xEF\xBF\xBD\",\"ok\":true,\"ms\":1.5}\n"));
    EXPECT_THAT(line, HasSubstr(R"("level":"CRITICAL")"));
    EXPECT_LT(line.size(), 10'000u);
}

TEST(LogLine, TimestampsAreUtcWithMilliseconds) {
    EXPECT_THAT(
        log_timestamp(),
        testing::MatchesRegex("20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]"
                              "[.][0-9][0-9][0-9]Z")
    );
}

TEST_F(LogTest, AppendsToWhatIsThere) {
    std::ofstream(path("log")) << "old\n";
    auto sink = LogSink::to_file(path("log"));
    ASSERT_TRUE(sink);

    (*sink)->write("new\n");

    EXPECT_EQ(content(path("log")), "old\nnew\n");
}

TEST_F(LogTest, AFileThatCannotBeOpenedIsAnError) {
    const auto sink = LogSink::to_file(path("missing") / "log");

    ASSERT_FALSE(sink);
    EXPECT_EQ(sink.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(
        sink.error().message,
        testing::AllOf(
            testing::StartsWith("LOG_FILE: "),
            testing::HasSubstr("missing/log"),
            testing::EndsWith("No such file or directory")
        )
    );
}

TEST_F(LogTest, CountsLinesThatCannotBeWritten) {
    const auto sink = LogSink::to_descriptor(-1);

    sink->write("gone\n");

    EXPECT_EQ(sink->lost(), 1u);
}

TEST_F(LogTest, APipeThatNobodyReadsStopsNobodyAndTellsWhatItLost) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto sink = LogSink::to_descriptor(ends[1]);
    const std::string line(99, 'x');

    const auto began = std::chrono::steady_clock::now();
    constexpr int kLines = 2'000;
    for (int i = 0; i < kLines; ++i) sink->write(line + "\n");
    const auto taken = std::chrono::steady_clock::now() - began;
    const std::uint64_t lost = sink->lost();
    EXPECT_GT(lost, 1'000u);
    EXPECT_LT(taken, std::chrono::seconds(5));

    // A control: what is read is not lost, and what was lost is told.
    std::string read((kLines - lost) * 100, '\0');
    for (std::size_t got = 0; got < read.size();) {
        got += static_cast<std::size_t>(::read(ends[0], read.data() + got, read.size() - got));
    }
    sink->write("after\n");
    ::close(ends[1]);
    std::string rest(1'000, '\0');
    rest.resize(static_cast<std::size_t>(::read(ends[0], rest.data(), rest.size())));
    ::close(ends[0]);

    EXPECT_EQ(sink->lost(), lost);
    EXPECT_THAT(rest, testing::HasSubstr("\"level\":\"WARNING\""));
    EXPECT_THAT(rest, testing::HasSubstr("\"lines\":" + std::to_string(lost) + "}"));
    EXPECT_TRUE(rest.ends_with("\nafter\n")) << rest;
}

TEST_F(LogTest, KeepsTheOldFileIfTheNewOneCannotBeOpened) {
    std::filesystem::create_directory(path("d"));
    auto sink = LogSink::to_file(path("d") / "log");
    ASSERT_TRUE(sink);
    std::filesystem::rename(path("d"), path("e"));

    EXPECT_FALSE((*sink)->reopen());
    (*sink)->write("kept\n");

    EXPECT_EQ(content(path("e") / "log"), "kept\n");
}

TEST_F(LogTest, LosesAndTearsNoLineWhileTheFileIsRotated) {
    auto opened = LogSink::to_file(path("log"));
    ASSERT_TRUE(opened);
    LogSink& sink = **opened;
    constexpr int kThreads = 4;
    constexpr int kLines = 2'000;
    std::atomic<int> running = kThreads;
    std::vector<std::thread> writers;
    for (int thread = 0; thread < kThreads; ++thread) {
        writers.emplace_back([&sink, &running, thread] {
            for (int i = 0; i < kLines; ++i) {
                sink.write(std::to_string(thread) + ":" + std::to_string(i) + "\n");
            }
            --running;
        });
    }

    int rotations = 0;
    while (running > 0 || rotations == 0) {
        std::filesystem::rename(path("log"), path("log." + std::to_string(rotations++)));
        ASSERT_TRUE(sink.reopen());
    }
    for (std::thread& writer : writers) writer.join();

    std::set<std::string> lines;
    for (int i = 0; i <= rotations; ++i) {
        std::ifstream file(i == rotations ? path("log") : path("log." + std::to_string(i)));
        for (std::string line; std::getline(file, line);) lines.insert(line);
    }
    EXPECT_EQ(lines.size(), static_cast<std::size_t>(kThreads * kLines));
    EXPECT_EQ(sink.lost(), 0u);
}

TEST_F(LogTest, TelemetryWritesFromItsLevelOn) {
    auto sink = LogSink::to_file(path("log"));
    ASSERT_TRUE(sink);
    Metrics metrics({.version = "1", .environment = "test"});
    JsonTelemetry telemetry(**sink, metrics, LogLevel::warning);

    telemetry.log(LogLevel::info, "a", "quiet", "", {});
    telemetry.log(LogLevel::error, "a", "loud", "", {});

    EXPECT_THAT(
        content(path("log")), HasSubstr(R"("level":"ERROR","logger":"a","message":"loud"})")
    );
    EXPECT_THAT(content(path("log")), testing::Not(HasSubstr("quiet")));
}

TEST_F(LogTest, TelemetryCountsWhatTheCoreTells) {
    const auto sink = LogSink::to_descriptor(-1);
    Metrics metrics({.version = "1", .environment = "test"});
    JsonTelemetry telemetry(*sink, metrics, LogLevel::info);

    telemetry.count("search_requests_total", {"dense", "error"});
    telemetry.observe("search_duration_seconds", {"dense"}, 0.2);

    const std::string text = metrics.render(MetricsFormat::prometheus_text);
    for (const char* line : {
             "search_requests_total{mode=\"dense\",status=\"error\"} 1\n",
             "search_duration_seconds_count{mode=\"dense\"} 1\n",
             "search_duration_seconds_sum{mode=\"dense\"} 0.2\n",
         }) {
        EXPECT_THAT(text, HasSubstr(line));
    }
}

}  // namespace
}  // namespace rag
