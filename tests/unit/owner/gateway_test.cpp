#include "owner/gateway.hpp"

#include <gmock/gmock.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "support/await.hpp"
#include "support/fake_telemetry.hpp"
#include "support/temp_folder.hpp"

namespace rag::owner {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;
namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

std::string problem(const std::string& code) {
    const std::string body = R"({"code":")" + code + "\"}";
    return "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Owns the folder and answers each request with the next of its answers, the last one for ever.
class FakeOwner {
public:
    FakeOwner(asio::io_context& io, const DataFolder& folder, std::vector<std::string> answers)
        : lock_(folder.try_lock(Role::command).value().value()),
          acceptor_(io, Local(), folder.listen().value().release()),
          answers_(std::move(answers)) {
        asio::co_spawn(io, serve(), asio::detached);
    }

    std::size_t requests() const { return requests_; }

private:
    Task<void> serve() {
        constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
        while (true) {
            auto [error, socket] = co_await acceptor_.async_accept(kAwait);
            if (error) co_return;
            std::string head;
            auto buffer = asio::dynamic_buffer(head);
            co_await asio::async_read_until(socket, buffer, "\r\n\r\n", kAwait);
            const std::string& answer = answers_[std::min(requests_++, answers_.size() - 1)];
            co_await asio::async_write(socket, asio::buffer(answer), kAwait);
        }
    }

    FolderLock lock_;
    Local::acceptor acceptor_;
    std::vector<std::string> answers_;
    std::size_t requests_ = 0;
};

class GatewayTest : public testing::Test {
protected:
    wire::Response call() {
        wire::Request request;
        request.method = "GET";
        request.target = "/search?q=x";
        return test::await_on(io_, gateway_.call(std::move(request), test::within(20s)));
    }

    Result<bool> stream(wire::BodySource& body, wire::AnswerSink& answers) {
        wire::Request head;
        head.method = "POST";
        head.target = "/ingest/batch";
        CallContext context = CallContext::of_default_tenant(Deadline::max());
        return test::await_on(
            io_, gateway_.stream(std::move(head), std::move(context), body, answers)
        );
    }

    test::TempFolder root_;
    DataFolder folder_ = DataFolder::open(root_.path() / "data").value();
    asio::io_context io_{1};
    test::FakeTelemetry telemetry_;
    int nodes_wanted_ = 0;
    Gateway gateway_{
        io_.get_executor(),
        folder_,
        GatewayOptions{.role = Role::mcp, .stall_timeout = 20s},
        [this](Descriptor, wire::Handler) -> Result<std::unique_ptr<OwnedNode>> {
            ++nodes_wanted_;
            return fail(ErrorCode::not_found, "no embedding model is there");
        },
        telemetry_};
};

TEST_F(GatewayTest, SaysOnceThatItCannotBeTheOwnerAndTriesLessAndLess) {
    asio::co_spawn(io_, gateway_.follow(), asio::detached);
    io_.run_for(300ms);

    // After 0, 10, 30, 70, 150 and 310 ms.
    EXPECT_GE(nodes_wanted_, 2);
    EXPECT_LE(nodes_wanted_, 6);
    ASSERT_THAT(telemetry_.lines(), SizeIs(1));
    EXPECT_THAT(telemetry_.lines()[0].fields.at("error"), HasSubstr("no embedding model"));
}

TEST_F(GatewayTest, BlamesNoRequestForAStoreThatCannotBeOpened) {
    const wire::Response response = call();

    EXPECT_EQ(response.status, 500);
    EXPECT_THAT(response.body, HasSubstr("no embedding model is there"));
}

TEST_F(GatewayTest, RepeatsWhatTheOwnerHasNotDoneYet) {
    FakeOwner owner(
        io_,
        folder_,
        {problem("starting"),
         problem("overloaded"),
         problem("shutting_down"),
         "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}
    );

    EXPECT_EQ(call().status, 200);
    EXPECT_EQ(owner.requests(), 4U);
}

/// A body that counts how often it is asked.
class CountedBody final : public wire::BodySource {
public:
    Task<Result<bool>> read(std::string& buffer) override {
        ++reads_;
        if (reads_ > 1) co_return false;
        buffer += "body";
        co_return true;
    }
    bool hold(std::size_t) override { return true; }
    int reads() const { return reads_; }

private:
    int reads_ = 0;
};

TEST_F(GatewayTest, RepeatsAStreamOfWhichNothingWasTaken) {
    FakeOwner owner(
        io_,
        folder_,
        {problem("starting"),
         problem("shutting_down"),
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"}
    );
    CountedBody body;
    wire::StringSink answers;

    const Result<bool> heard = stream(body, answers);

    ASSERT_TRUE(heard) << heard.error().message;
    EXPECT_TRUE(*heard);
    EXPECT_EQ(answers.take().body, "done");
    EXPECT_EQ(owner.requests(), 3U);
    EXPECT_LE(body.reads(), 2);
}

TEST_F(GatewayTest, LeavesAStreamThatBrokeOffToTheCaller) {
    FakeOwner owner(
        io_,
        folder_,
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         "4\r\npart\r\n"}
    );
    CountedBody body;
    wire::StringSink answers;

    const Result<bool> heard = stream(body, answers);

    ASSERT_FALSE(heard);
    EXPECT_EQ(heard.error().code, ErrorCode::unavailable);
    EXPECT_EQ(answers.take().body, "part");
    EXPECT_EQ(owner.requests(), 1U);
}

TEST_F(GatewayTest, HandsOnARefusalOfAStream) {
    FakeOwner owner(io_, folder_, {"HTTP/1.1 415 Unsupported\r\nContent-Length: 2\r\n\r\nno"});
    CountedBody body;
    wire::StringSink answers;

    ASSERT_TRUE(stream(body, answers));

    const wire::Response refusal = answers.take();
    EXPECT_EQ(refusal.status, 415);
    EXPECT_EQ(refusal.body, "no");
    EXPECT_EQ(body.reads(), 0);
}

TEST_F(GatewayTest, RepeatsNothingThatTookTooLong) {
    FakeOwner owner(io_, folder_, {problem("timeout")});

    EXPECT_EQ(call().status, 503);
    EXPECT_EQ(owner.requests(), 1U);
}

TEST_F(GatewayTest, SaysOfAnAnswerThatIsTooLargeThatItIs) {
    FakeOwner owner(io_, folder_, {"HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n"});

    const wire::Response response = call();

    EXPECT_EQ(response.status, 413);
    EXPECT_THAT(response.body, HasSubstr("larger than 256 MiB"));
    EXPECT_EQ(owner.requests(), 1U);
}

}  // namespace
}  // namespace rag::owner
