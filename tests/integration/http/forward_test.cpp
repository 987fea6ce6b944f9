// What a process that is not the owner asks goes to the owner's socket: context, whole requests and
// streams.

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "mcp/server.hpp"
#include "owner/gateway.hpp"
#include "served_world.hpp"

namespace rag::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr const char* kSpan = "00f067aa0ba902b7";
constexpr const char* kConversation = R"({"messages":[{"author_name":"ana","content":"lunch"}]})";

/// A process that asks the owner, which a test's world is.
class Asker {
public:
    explicit Asker(const ServedWorld& served)
        : folder_(owner::DataFolder::open(served.folder).value()),
          gateway_(
              io_.get_executor(),
              folder_,
              {.role = owner::Role::command, .stall_timeout = 20s},
              [](Descriptor, wire::Handler) -> Result<std::unique_ptr<owner::OwnedNode>> {
                  return fail(ErrorCode::internal, "this process is no owner");
              },
              telemetry_
          ) {}

    wire::Response call(wire::Request request, CallContext context) {
        return await_on(io_, gateway_.call(std::move(request), std::move(context)));
    }
    Result<bool> stream(wire::Request head, wire::BodySource& body, wire::AnswerSink& answers) {
        CallContext context = CallContext::of_default_tenant(Deadline::max());
        return await_on(io_, gateway_.stream(std::move(head), std::move(context), body, answers));
    }

    boost::asio::io_context& io() { return io_; }
    owner::Gateway& gateway() { return gateway_; }

private:
    boost::asio::io_context io_{1};
    owner::DataFolder folder_;
    FakeTelemetry telemetry_;
    owner::Gateway gateway_;
};

wire::Request post(std::string target, std::string type, std::string body) {
    wire::Request request;
    request.method = "POST";
    request.target = std::move(target);
    request.headers = {{"Content-Type", std::move(type)}};
    request.body = std::move(body);
    return request;
}

CallContext a_context() {
    CallContext context = within(7s);
    context.trace = {kTrace, kSpan};
    context.principal = std::make_shared<const Principal>(Principal{
        TenantId{"tenant-b"}, "ana", {"read", "write"}});
    context.not_older_than = ConsistencyPosition{5};
    return context;
}

std::chrono::milliseconds left(const CallContext& context) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        context.deadline - std::chrono::steady_clock::now()
    );
}

TEST(Forward, TheContextArrivesAtTheStore) {
    ServedWorld served;
    Asker asker(served);

    const wire::Response answer =
        asker.call(post("/ingest", "application/json", kConversation), a_context());

    EXPECT_EQ(answer.status, 201) << answer.body;
    const CallContext at_store = served.world.repository.last_context("save");
    EXPECT_EQ(at_store.trace.id, kTrace);
    EXPECT_EQ(at_store.trace.parent_span, kSpan);
    EXPECT_EQ(at_store.tenant(), TenantId{"tenant-b"});
    EXPECT_EQ(at_store.principal->subject, "ana");
    ASSERT_TRUE(at_store.not_older_than);
    EXPECT_EQ(at_store.not_older_than->value, 5);
    EXPECT_GT(left(at_store), 0ms);
    EXPECT_LE(left(at_store), 7s);  // INGEST_TIMEOUT would be 300 s.
}

TEST(Forward, AStrangersHeadersAreNoContext) {
    ServedWorld served;
    const std::string body = kConversation;

    const std::string answer = served.exchange(
        "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Mcp-Backend-Tenant: tenant-b\r\nMcp-Backend-Time-Left-Ms: 7000\r\n"
        "Mcp-Backend-Not-Older-Than: 5\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body
    );

    EXPECT_EQ(status_of(answer), 201) << answer;
    const CallContext at_store = served.world.repository.last_context("save");
    EXPECT_EQ(at_store.tenant(), TenantId{std::string(kDefaultTenant)});
    EXPECT_FALSE(at_store.not_older_than);
    EXPECT_GT(left(at_store), 60s);
}

/// One stdio session from its first line to the end of its input.
std::string speak(const std::string& lines, boost::asio::io_context& io, wire::Handler forward) {
    int input[2];
    int output[2];
    if (::pipe(input) != 0 || ::pipe(output) != 0) std::abort();
    if (::write(input[1], lines.data(), lines.size()) < 0) std::abort();
    ::close(input[1]);
    mcp::StdioOptions options;
    options.version = "1.0.0";
    options.input = input[0];
    options.output = output[1];
    options.call_timeout = 9s;
    {
        const auto work = boost::asio::make_work_guard(io);
        std::thread thread([&io] { io.run(); });
        mcp::StdioLoop loop(options, io.get_executor(), std::move(forward));
        loop.run();
        io.stop();
        thread.join();
    }
    ::close(output[1]);
    std::string answers(1u << 20, '\0');
    answers.resize(static_cast<std::size_t>(::read(output[0], answers.data(), answers.size())));
    ::close(input[0]);
    ::close(output[0]);
    return answers;
}

TEST(Forward, AStdioCallsContextArrivesAtTheStore) {
    ServedWorld served;
    mcp::Server server(served.world.use_cases, served.world.work_pool, {.version = "1.0.0"});
    served.mcp_handler = [&server](wire::Request request, CallContext context) {
        return server.handle_http(std::move(request), std::move(context));
    };
    Asker asker(served);
    std::string trace;
    wire::Handler forward = [&](wire::Request request, CallContext context) {
        trace = context.trace.id;
        return asker.gateway().call(std::move(request), std::move(context));
    };

    const std::string answers = speak(
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
        R"("capabilities":{},"clientInfo":{"name":"t","version":"1"}}})"
        "\n"
        R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"ingest_conversation",)"
        R"("arguments":{"conversation_data":)" +
            std::string(kConversation) + "}}}\n",
        asker.io(),
        std::move(forward)
    );

    EXPECT_THAT(answers, HasSubstr("conversation_id")) << answers;
    const CallContext at_store = served.world.repository.last_context("save");
    EXPECT_EQ(trace.size(), 32U);
    EXPECT_EQ(at_store.trace.id, trace);
    EXPECT_GT(left(at_store), 0ms);
    EXPECT_LE(left(at_store), 9s);
}

TEST(Forward, ABatchGoesAsAStream) {
    ServedWorld served;
    Asker asker(served);
    const std::string lines = std::string(kConversation) + "\n{\"bad\":1}\n";
    wire::StringSource body(lines);
    wire::StringSink answers;

    const Result<bool> done =
        asker.stream(post("/ingest/batch", "application/x-ndjson", {}), body, answers);

    ASSERT_TRUE(done) << done.error().message;
    EXPECT_TRUE(*done);
    const wire::Response answer = answers.take();
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, HasSubstr("{\"line\":1,\"status\":201,"));
    EXPECT_THAT(answer.body, HasSubstr("{\"line\":2,\"status\":400,"));
}

TEST(Forward, ABatchThatGoesOnKeepsTheNumbersAndKeysOfItsLines) {
    ServedWorld served;
    Asker asker(served);
    const auto send = [&asker](const std::string& lines, const std::string& first) {
        wire::Request head = post("/ingest/batch", "application/x-ndjson", {});
        head.headers.push_back({std::string(wire::kForwardKeyHeader), "k"});
        head.headers.push_back({std::string(wire::kFirstLineHeader), first});
        wire::StringSource body(lines);
        wire::StringSink answers;
        EXPECT_TRUE(asker.stream(std::move(head), body, answers).value_or(false));
        return answers.take().body;
    };
    const std::string one = R"({"messages":[{"content":"one"}]})"
                            "\n";
    const std::string two = R"({"messages":[{"content":"two"}]})"
                            "\n";

    const std::string first = send(one + two, "1");
    const std::string again = send(two, "2");

    EXPECT_THAT(first, HasSubstr("{\"line\":2,\"status\":201,"));
    // The answer of the first time, not that of a duplicate.
    EXPECT_THAT(again, HasSubstr("{\"line\":2,\"status\":201,"));
    EXPECT_EQ(served.stored_conversations(), 2);
}

TEST(Forward, AWholeRouteCanBeAskedForItsAnswerAsAStream) {
    ServedWorld served;
    Asker asker(served);
    wire::Request get;
    get.method = "GET";
    get.target = "/conversations?limit=1";
    wire::StringSource nothing{wire::Body()};
    wire::StringSink answers;
    wire::StringSource conversation{std::string(kConversation)};
    wire::StringSink stored;

    ASSERT_TRUE(asker.stream(std::move(get), nothing, answers));
    ASSERT_TRUE(asker.stream(post("/ingest", "application/json", {}), conversation, stored));

    EXPECT_EQ(answers.take().body, "[]");
    EXPECT_EQ(stored.take().status, 201);
}

TEST(Forward, StreamsWithinTheProcessAlike) {
    ServedWorld served;
    const auto ask = [&served](std::string target, std::string type, std::string text) {
        wire::Request head = post(std::move(target), std::move(type), {});
        head.origin = wire::Origin::in_process;
        return served.on_io([&] {
            wire::StringSource body(std::move(text));
            wire::StringSink answers;
            const bool complete =
                await(served.application.handle(head, request_context(), body, answers));
            EXPECT_TRUE(complete);
            return answers.take();
        });
    };

    EXPECT_THAT(
        ask("/ingest/batch", "application/x-ndjson", kConversation).body,
        HasSubstr("{\"line\":1,\"status\":201,")
    );
    EXPECT_EQ(ask("/ingest", "application/json", kConversation).status, 200);
    EXPECT_EQ(ask("/owner/echo", "text/plain", "what comes").body, "what comes");
}

/// Bytes that are made as they are wanted, and counted as they are taken.
class Flood final : public wire::BodySource, public wire::AnswerSink {
public:
    explicit Flood(std::uint64_t bytes) : left_(bytes) {}
    Task<Result<bool>> read(std::string& buffer) override {
        const std::size_t size = std::min<std::uint64_t>(left_, 64u << 10);
        buffer.append(size, 'x');
        left_ -= size;
        co_return size > 0;
    }
    bool hold(std::size_t) override { return true; }
    Task<bool> begin(wire::Response) override { co_return true; }
    Task<bool> write(std::string piece) override {
        taken_ += piece.size();
        co_return true;
    }
    Task<bool> send(wire::Response) override { co_return true; }
    std::uint64_t taken() const { return taken_; }

private:
    std::uint64_t left_;
    std::uint64_t taken_ = 0;
};

/// The most memory that this process has had.
std::uint64_t peak_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

TEST(Forward, ManyBytesBothWaysNeedFewAtOnce) {
    ServedWorld served;
    Asker asker(served);
    constexpr std::uint64_t kBytes = 200u << 20;
    Flood warm(1u << 20);
    ASSERT_TRUE(asker.stream(post("/owner/echo", "text/plain", {}), warm, warm));
    const std::uint64_t before = peak_bytes();

    Flood flood(kBytes);
    const Result<bool> done = asker.stream(post("/owner/echo", "text/plain", {}), flood, flood);

    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(flood.taken(), kBytes);
    // Both processes are this one.
    EXPECT_LE(peak_bytes() - before, 8u << 20);
}

}  // namespace
}  // namespace rag::test
