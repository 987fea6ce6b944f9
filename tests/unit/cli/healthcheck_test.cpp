#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>

#include "cli_fixture.hpp"

namespace rag::cli {
namespace {

using testing::HasSubstr;

/// Answers one connection on a loopback port with fixed bytes.
class OneAnswer {
public:
    explicit OneAnswer(std::string answer) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(listener_, 1), 0);
        EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port_ = std::to_string(ntohs(address.sin_port));
        thread_ = std::thread([this, answer = std::move(answer)] {
            const int peer = ::accept(listener_, nullptr, nullptr);
            char piece[1'024];
            const ssize_t count = ::recv(peer, piece, sizeof piece, 0);
            if (count > 0) request_.assign(piece, static_cast<std::size_t>(count));
            ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            ::close(peer);
        });
    }
    ~OneAnswer() {
        if (thread_.joinable()) thread_.join();
        ::close(listener_);
    }

    const std::string& port() const { return port_; }
    std::string request() {
        thread_.join();
        return request_;
    }

private:
    int listener_ = -1;
    std::string port_;
    std::string request_;
    std::thread thread_;
};

using Healthcheck = CliTest;

TEST_F(Healthcheck, IsDoneIfTheServerIsReady) {
    OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

    EXPECT_EQ(run({"healthcheck", "--port", server.port()}), kDone);

    EXPECT_THAT(server.request(), HasSubstr("GET /readyz HTTP/1.1\r\nHost: localhost\r\n"));
    EXPECT_EQ(out() + err(), "");
}

TEST_F(Healthcheck, AsksLoopbackWhereTheServerListensEverywhere) {
    OneAnswer server("HTTP/1.1 200 OK\r\n\r\n");
    variables_["HOST"] = "0.0.0.0";
    variables_["ALLOW_INSECURE_BIND"] = "true";

    EXPECT_EQ(run({"healthcheck", "--port", server.port()}), kDone);
}

TEST_F(Healthcheck, FailsIfTheServerIsNotReadyOrNotThere) {
    std::string port;
    {
        OneAnswer server("HTTP/1.1 503 Service Unavailable\r\n\r\n");
        port = server.port();
        EXPECT_EQ(run({"healthcheck", "--port", port}), kFailed);
        EXPECT_THAT(err(), HasSubstr("says HTTP/1.1 503 Service Unavailable\n"));
    }
    EXPECT_EQ(run({"healthcheck", "--port", port}), kFailed);
    EXPECT_THAT(err(), HasSubstr("does not answer"));
}

}  // namespace
}  // namespace rag::cli
