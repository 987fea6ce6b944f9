#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace rag::cli {

/// An application that answers as a test says, and remembers what it was asked.
class FakeApi {
public:
    using Answer = std::function<Result<wire::Response>(const wire::Request&)>;

    void answer_with(Answer answer) { answer_ = std::move(answer); }
    void answer_with(int status, std::string body) {
        answer_ = [=](const wire::Request&) -> Result<wire::Response> {
            wire::Response response;
            response.status = status;
            response.body = body;
            return response;
        };
    }

    Result<wire::Response> call(wire::Request request) {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        return answer_(request);
    }

    using StreamAnswer = std::function<Result<wire::Response>(const wire::Request&, StreamedCall&)>;
    /// Of a stream whose body has come to its end, in place of the above.
    void answer_streams_with(StreamAnswer answer) { stream_answer_ = std::move(answer); }

    /// Answers what has been sent whenever the caller wants to hear something first, and at the
    /// end.
    Result<wire::Response> stream(wire::Request request, StreamedCall& call) {
        while (true) {
            std::string body;
            StreamedCall::Next next = StreamedCall::Next::bytes;
            while (next == StreamedCall::Next::bytes) next = call.next(body);
            request.body = std::move(body);
            if (stream_answer_) {
                requests_.push_back(request);
                return stream_answer_(request, call);
            }
            Result<wire::Response> response = this->call(request);
            if (!response || response->status < 200 || response->status >= 300) return response;
            call.take(std::exchange(response->body, {}));
            if (next == StreamedCall::Next::end) return response;
        }
    }

    const std::vector<wire::Request>& requests() const { return requests_; }

private:
    std::mutex mutex_;
    Answer answer_ = [](const wire::Request&) -> Result<wire::Response> {
        return fail(ErrorCode::internal, "the test gave no answer");
    };
    StreamAnswer stream_answer_;
    std::vector<wire::Request> requests_;
};

class FakeApiClient final : public ApiClient {
public:
    explicit FakeApiClient(FakeApi& api) : api_(api) {}
    Result<wire::Response> call(wire::Request request) override {
        return api_.call(std::move(request));
    }
    Result<wire::Response> stream(wire::Request request, StreamedCall& call) override {
        return api_.stream(std::move(request), call);
    }

private:
    FakeApi& api_;
};

/// Counts words.
class WordCounter final : public TokenCounter {
public:
    std::size_t count(std::string_view text) const override {
        std::istringstream words{std::string(text)};
        std::size_t count = 0;
        for (std::string word; words >> word;) ++count;
        return count;
    }
    std::size_t max_tokens() const override { return 256; }
    std::size_t special_tokens() const override { return 2; }
};

/// Runs command lines against a fake application, in a folder of its own.
class CliTest : public testing::Test {
protected:
    CliTest() {
        setenv("TZ", "Europe/Berlin", 1);
        tzset();
        std::string pattern = (std::filesystem::temp_directory_path() / "cli.XXXXXX").string();
        folder_ = mkdtemp(pattern.data());
        program_.serve = [this](const Config& config) {
            started_ = "serve on port " + std::to_string(config.server.port);
            return 0;
        };
        program_.mcp = [this](const Config& config) {
            started_ = "mcp in " + config.server.data_dir.string();
            return 0;
        };
        program_.connect = [this](const Config&) -> Result<std::unique_ptr<ApiClient>> {
            if (connect_error_) return tl::unexpected(*connect_error_);
            return std::make_unique<FakeApiClient>(api_);
        };
        program_.migrate = [](const Config&) -> Result<MigrateReport> {
            return MigrateReport{.version_before = 1, .version_after = 3};
        };
        program_.token_counter = [](const Config&) -> Result<std::unique_ptr<const TokenCounter>> {
            return std::make_unique<WordCounter>();
        };
        program_.environment = [this](const char* name) -> const char* {
            const auto found = variables_.find(name);
            return found == variables_.end() ? nullptr : found->second.c_str();
        };
    }

    ~CliTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    int run(std::vector<std::string> arguments) {
        std::vector<const char*> argv = {"mcp-backend"};
        for (const std::string& argument : arguments) argv.push_back(argument.c_str());
        out_.str("");
        err_.str("");
        Terminal terminal{out_, err_, false};
        terminal.columns = columns_;
        terminal.colours = colours_;
        std::istringstream answers(answers_.value_or(""));
        if (answers_) terminal.answers = &answers;
        return cli::run(static_cast<int>(argv.size()), argv.data(), program_, terminal);
    }

    std::string file(const std::string& name, const std::string& content) {
        const std::string path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    std::string out() const { return out_.str(); }
    std::string err() const { return err_.str(); }

    FakeApi api_;
    Program program_;
    std::map<std::string, std::string> variables_ = {{"HOME", "/home/ana"}};
    std::optional<Error> connect_error_;
    std::string started_;
    std::size_t columns_ = 0;  // As if results went to a screen.
    bool colours_ = false;
    std::optional<std::string> answers_;  // What somebody at a terminal says.
    std::filesystem::path folder_;

private:
    std::ostringstream out_;
    std::ostringstream err_;
};

}  // namespace rag::cli
