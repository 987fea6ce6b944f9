#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <thread>

#include "line_reader.hpp"
#include "mcp/server.hpp"
#include "memory.hpp"

namespace rag::mcp {
namespace {

using test::text_at;

constexpr int kNothingToWakeBy = -1;
constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-06-18",)"
    R"("capabilities":{},"clientInfo":{"name":"c","version":"1"}}})";

std::string call_line(
    std::string_view id, std::string_view tool, std::string_view arguments = "{}"
) {
    std::string line = R"({"jsonrpc":"2.0","id":)" + std::string(id);
    line += R"(,"method":"tools/call","params":{"name":")" + std::string(tool);
    return line + R"(","arguments":)" + std::string(arguments) + "}}";
}

/// A process that speaks over pipes; `forward` answers what is not answered at once.
class Process {
public:
    explicit Process(wire::Handler forward, StdioOptions options = {}) {
        EXPECT_EQ(::pipe(in_), 0);
        EXPECT_EQ(::pipe(out_), 0);
        options.input = in_[0];
        options.output = out_[1];
        loop_.emplace(std::move(options), io_.get_executor(), std::move(forward));
        runner_ = std::jthread([this] {
            loop_->run();
            ::close(out_[1]);
        });
    }
    ~Process() {
        end_input();
        if (runner_.joinable()) runner_.join();
        io_.join();
        ::close(in_[0]);
        ::close(out_[0]);
    }

    void write(std::string_view line) {
        EXPECT_TRUE(write_fully(in_[1], std::string(line) + "\n"));
    }
    void end_input() {
        if (in_[1] >= 0) ::close(in_[1]);
        in_[1] = -1;
    }
    void stop() { loop_->stop(); }
    /// The next line it writes, parsed; null once it has ended.
    encoding::Value read() {
        const std::optional<LineReader::Line> line = reader().next();
        return line ? *encoding::parse_json(line->text) : encoding::Value();
    }
    std::vector<encoding::Value> read_to_end() {
        std::vector<encoding::Value> answers;
        while (std::optional<LineReader::Line> line = reader().next()) {
            answers.push_back(*encoding::parse_json(line->text));
        }
        return answers;
    }

private:
    LineReader& reader() {
        if (!reader_) reader_.emplace(out_[0], kNothingToWakeBy, std::size_t{1} << 24);
        return *reader_;
    }

    int in_[2] = {-1, -1};
    int out_[2] = {-1, -1};
    boost::asio::thread_pool io_{1};
    std::optional<StdioLoop> loop_;
    std::optional<LineReader> reader_;
    std::jthread runner_;
};

wire::Response answer_of(const wire::Request& request, int status = 200) {
    const Result<encoding::Value> message = encoding::parse_json(request.body.text());
    const encoding::Value* id = message->find("id");
    wire::Response response{status, {}, {}};
    if (id != nullptr) {
        response.body = R"({"jsonrpc":"2.0","id":)" + id->to_json() + R"(,"result":{"done":true}})";
    }
    return response;
}

/// Remembers what was forwarded, and answers at once.
class Recorder {
public:
    Task<wire::Response> operator()(wire::Request request) {
        wire::Response response = answer_of(request);
        std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
        co_return response;
    }
    std::vector<wire::Request> requests() const {
        std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<wire::Request> requests_;
};

wire::Handler to(Recorder& recorder) {
    return [&recorder](wire::Request request, CallContext) { return recorder(std::move(request)); };
}

/// Answers the call "slow" only after another one has come.
wire::Handler slow_until_fast() {
    auto gate = std::make_shared<std::optional<boost::asio::steady_timer>>();
    return [gate](wire::Request request, CallContext) -> Task<wire::Response> {
        wire::Response response = answer_of(request);
        const auto executor = co_await boost::asio::this_coro::executor;
        if (request.body.text().find("\"slow\"") != std::string::npos) {
            gate->emplace(executor, std::chrono::steady_clock::time_point::max());
            boost::system::error_code ignored;
            co_await (*gate)->async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ignored)
            );
        } else {
            (*gate)->cancel();
        }
        co_return response;
    };
}

TEST(StdioLoop, AnswersWhatNeedsNothingStoredWithoutForwardingIt) {
    Recorder recorder;
    Process process(to(recorder), StdioOptions{.version = "1.2.3"});

    process.write(kInitialize);
    const encoding::Value initialized = process.read();
    EXPECT_EQ(text_at(initialized, "result/protocolVersion"), "2025-06-18");
    EXPECT_EQ(text_at(initialized, "result/serverInfo/version"), "1.2.3");
    process.write(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    for (const char* method : {"ping", "tools/list", "prompts/list", "resources/templates/list"}) {
        process.write(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"("})");
        EXPECT_NE(process.read().find("result"), nullptr) << method;
    }
    process.write("not JSON");
    EXPECT_EQ(text_at(process.read(), "error/code"), "-32700");

    EXPECT_TRUE(recorder.requests().empty());
}

/// The owner writes each call down, refused ones too.
TEST(StdioLoop, HandsOnACallOfAToolThatIsNotThere) {
    Recorder recorder;
    Process process(to(recorder));

    process.write(kInitialize);
    process.read();
    process.write(call_line("2", "no_such_tool"));
    process.read();

    EXPECT_EQ(recorder.requests().size(), 1U);
}

TEST(StdioLoop, ForwardsCallsWithTheSessionsStateAndAKeyForWrites) {
    Recorder recorder;
    Process process(to(recorder));

    process.write(kInitialize);
    process.read();
    process.write(call_line("7", "health_check"));
    EXPECT_EQ(text_at(process.read(), "result/done"), "true");
    process.write(call_line("8", "delete_conversation", R"({"conversation_id":1})"));
    EXPECT_EQ(text_at(process.read(), "id"), "8");

    const std::vector<wire::Request> requests = recorder.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_EQ(requests[0].header(wire::kStdioHeader), "2025-06-18");
    EXPECT_EQ(requests[0].header(wire::kForwardKeyHeader), "");
    EXPECT_EQ(requests[1].header(wire::kForwardKeyHeader).size(), 32u);
    EXPECT_EQ(requests[1].method, "POST");
    EXPECT_EQ(requests[1].target, "/mcp");
}

TEST(StdioLoop, AnswersAllThatCameBeforeTheInputEnded) {
    Recorder recorder;
    Process process(to(recorder));

    process.write(kInitialize);
    for (int id = 0; id < 200; ++id) process.write(call_line(std::to_string(id), "health_check"));
    process.end_input();

    EXPECT_EQ(process.read_to_end().size(), 201u);
}

TEST(StdioLoop, AnswersOthersWhileOneCallTakesLong) {
    Process process(slow_until_fast());

    process.write(kInitialize);
    process.read();
    process.write(call_line("\"slow\"", "health_check"));
    process.write(R"({"jsonrpc":"2.0","id":"ping","method":"ping"})");
    EXPECT_EQ(text_at(process.read(), "id"), "ping");
    process.write(call_line("\"fast\"", "health_check"));
    std::vector<std::string> ids{text_at(process.read(), "id"), text_at(process.read(), "id")};

    std::ranges::sort(ids);
    EXPECT_EQ(ids, (std::vector<std::string>{"fast", "slow"}));
}

TEST(StdioLoop, SaysNothingAboutACallThatWasCancelled) {
    Process process(slow_until_fast());

    process.write(kInitialize);
    process.read();
    process.write(call_line("\"slow\"", "health_check"));
    process.write(
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"slow"}})"
    );
    process.write(call_line("\"fast\"", "health_check"));
    process.end_input();

    const std::vector<encoding::Value> answers = process.read_to_end();
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(text_at(answers[0], "id"), "fast");
}

TEST(StdioLoop, TurnsAFailureToForwardIntoAnErrorOfThatRequest) {
    wire::Handler forward = [](wire::Request, CallContext) -> Task<wire::Response> {
        wire::Response response{503, {}, R"({"detail":"The owner is gone."})"};
        co_return response;
    };
    Process process(std::move(forward));

    process.write(kInitialize);
    process.read();
    process.write(call_line("5", "health_check"));

    const encoding::Value answer = process.read();
    EXPECT_EQ(text_at(answer, "id"), "5");
    EXPECT_EQ(text_at(answer, "error/code"), "-32603");
    EXPECT_EQ(text_at(answer, "error/message"), "The owner is gone.");
}

TEST(StdioLoop, WritesEachAnswerOnOneLine) {
    wire::Handler forward = [](wire::Request, CallContext) -> Task<wire::Response> {
        wire::Response response{200, {}, "{\"jsonrpc\":\"2.0\",\"id\":5,\r\n\"result\":{\n}}"};
        co_return response;
    };
    Process process(std::move(forward));

    process.write(kInitialize);
    process.read();
    process.write(call_line("5", "health_check"));

    EXPECT_EQ(text_at(process.read(), "id"), "5");
}

TEST(StdioLoop, EndsWhenItIsStopped) {
    Recorder recorder;
    Process process(to(recorder));
    process.write(kInitialize);
    process.read();

    process.stop();

    EXPECT_TRUE(process.read_to_end().empty());
}

TEST(StdioLoop, WorksOverTheRealServer) {
    test::Memory memory;
    wire::Handler forward = [&memory](wire::Request request, CallContext context) {
        return memory.server.handle_http(std::move(request), std::move(context));
    };
    Process process(std::move(forward));

    process.write(kInitialize);
    process.read();
    process.write(call_line(
        "1",
        "ingest_conversation",
        R"({"conversation_data":{"messages":[{"content":"backups"}],"metadata":{"a": 1}}})"
    ));
    EXPECT_EQ(text_at(process.read(), "result/structuredContent/success"), "true");
    process.write(call_line("2", "search_conversations", R"({"q":"backups"})"));
    EXPECT_EQ(
        text_at(process.read(), "result/structuredContent/results/0/messages/0/text"), "backups"
    );
}

}  // namespace
}  // namespace rag::mcp
