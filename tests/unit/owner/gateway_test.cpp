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
        return test::await_on(io_, gateway_.call(std::move(request), {test::in(20s), {}}));
    }

    test::TempFolder root_;
    DataFolder folder_ = DataFolder::open(root_.path() / "data").value();
    asio::io_context io_{1};
    test::FakeTelemetry telemetry_;
    int nodes_wanted_ = 0;
    Gateway gateway_{
        io_.get_executor(),
        folder_,
        Role::mcp,
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
