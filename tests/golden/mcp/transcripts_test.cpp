#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "unit/mcp/memory.hpp"

/// Runs every transcript of the folder against the server over an empty memory.
///
///     # A comment.
///     stdio                        what follows comes over stdin, from a new session on
///     http                         what follows comes by HTTP
///     Name: value                  a header of the next request (http)
///     > {"jsonrpc":...}            sends it; over HTTP with the usual media types
///     < 200 {"jsonrpc":...}        what must be answered; "..." in it stands for any text;
///                                  over stdio without the status; "< nothing": no answer
///
/// The session that a server opens is sent along from then on.
namespace rag::test {
namespace {

/// True if `text` is `pattern` with something, or nothing, in place of each "...".
bool matches(std::string_view text, std::string_view pattern) {
    constexpr std::string_view kAny = "...";
    const std::size_t first = pattern.find(kAny);
    if (first == std::string_view::npos) return text == pattern;
    if (!text.starts_with(pattern.substr(0, first))) return false;
    text.remove_prefix(first);
    pattern.remove_prefix(first + kAny.size());
    while (true) {
        const std::size_t next = pattern.find(kAny);
        const std::string_view part = pattern.substr(0, next);
        if (next == std::string_view::npos) return text.ends_with(part);
        const std::size_t found = text.find(part);
        if (found == std::string_view::npos) return false;
        text.remove_prefix(found + part.size());
        pattern.remove_prefix(next + kAny.size());
    }
}

class Transcript {
public:
    explicit Transcript(const std::filesystem::path& file) : file_(file) {}

    void run() {
        std::ifstream input(file_);
        ASSERT_TRUE(input) << file_;
        std::string line;
        for (number_ = 1; std::getline(input, line); ++number_) step(line);
        EXPECT_GT(answers_, 0) << "A transcript that expects nothing shows nothing.";
    }

private:
    void step(std::string_view line) {
        if (line.empty() || line.starts_with('#')) return;
        if (line == "stdio" || line == "http") {
            http_ = line == "http";
            state_ = "new";
            session_.clear();
        } else if (line.starts_with("> ")) {
            send(line.substr(2));
        } else if (line.starts_with("< ")) {
            expect(line.substr(2));
        } else {
            const std::size_t colon = line.find(": ");
            ASSERT_NE(colon, std::string_view::npos) << place() << "cannot be read: " << line;
            headers_.push_back(
                {std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))}
            );
        }
    }

    void send(std::string_view message) {
        if (!http_) {
            answer_ = memory_.send_line(message, state_);
            state_ = answer_.header(wire::kStdioHeader);
            return;
        }
        wire::Request request;
        request.method = "POST";
        request.target = "/mcp";
        request.headers = std::move(headers_);
        headers_.clear();
        request.headers.push_back({"Content-Type", "application/json"});
        request.headers.push_back({"Accept", "application/json, text/event-stream"});
        if (!session_.empty()) request.headers.push_back({"Mcp-Session-Id", session_});
        request.body = std::string(message);
        answer_ = memory_.send(std::move(request));
        if (const std::string_view opened = answer_.header("Mcp-Session-Id"); !opened.empty()) {
            session_ = opened;
        }
    }

    void expect(std::string_view expected) {
        ++answers_;
        std::string got = answer_.body.empty() ? "nothing" : answer_.body;
        if (http_) got = std::to_string(answer_.status) + " " + got;
        EXPECT_TRUE(matches(got, expected))
            << place() << "\nexpected " << expected << "\nanswered " << got;
    }

    std::string place() const {
        return file_.filename().string() + ":" + std::to_string(number_) + ": ";
    }

    const std::filesystem::path file_;
    Memory memory_;
    bool http_ = false;
    std::string state_ = "new";
    std::string session_;
    std::vector<wire::Header> headers_;
    wire::Response answer_;
    int number_ = 0;
    int answers_ = 0;
};

class McpTranscripts : public ::testing::TestWithParam<std::string> {};

TEST_P(McpTranscripts, IsAnsweredAsItSays) {
    Transcript(std::filesystem::path(TRANSCRIPTS_FOLDER) / (GetParam() + ".txt")).run();
}

std::vector<std::string> transcript_names() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(TRANSCRIPTS_FOLDER)) {
        if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(
    All,
    McpTranscripts,
    ::testing::ValuesIn(transcript_names()),
    [](const auto& test) { return test.param; }
);

TEST(Matches, TakesDotsForAnyText) {
    EXPECT_TRUE(matches("abc", "abc"));
    EXPECT_TRUE(matches("abc", "a..."));
    EXPECT_TRUE(matches("abcabd", "a...c...d"));
    EXPECT_FALSE(matches("abc", "a...b"));
    EXPECT_FALSE(matches("abc", "...x...c"));
    EXPECT_FALSE(matches("abc", "ab"));
}

}  // namespace
}  // namespace rag::test
