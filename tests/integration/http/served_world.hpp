#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "application/health.hpp"
#include "http/server.hpp"
#include "wire/problem.hpp"
#include "world.hpp"

namespace rag::test {

/// A client's end of a connection, without any help: bytes go out as they are given.
class RawClient {
public:
    static RawClient tcp(std::uint16_t port) {
        RawClient client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        client.connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
        return client;
    }
    static RawClient local(const std::string& path) {
        RawClient client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        client.connect(reinterpret_cast<const sockaddr*>(&address), sizeof address);
        return client;
    }
    RawClient(RawClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient() {
        if (socket_ >= 0) ::close(socket_);
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;  // The server has closed; what it said is to be read.
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Whether there is something to read, or the server has closed, within that time.
    bool is_answered_within(std::chrono::milliseconds time) const {
        pollfd wanted{.fd = socket_, .events = POLLIN, .revents = 0};
        return ::poll(&wanted, 1, static_cast<int>(time.count())) > 0;
    }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    /// Everything until the server closes; a server that does not is a failure.
    std::string read_to_end() {
        while (read_some()) {
        }
        return std::exchange(buffer_, {});
    }
    /// Up to and with `mark`; what follows stays for the next call.
    std::string read_until(std::string_view mark) {
        while (buffer_.find(mark) == std::string::npos) {
            if (!read_some()) return std::exchange(buffer_, {});
        }
        return take(buffer_.find(mark) + mark.size());
    }
    /// One answer with a Content-Length (`bodyless`: to a HEAD).
    std::string read_answer(bool bodyless = false) {
        std::string answer = read_until("\r\n\r\n");
        const std::size_t at = answer.find("Content-Length: ");
        if (bodyless || at == std::string::npos) return answer;
        const std::size_t size = std::stoul(answer.substr(at + 16));
        while (buffer_.size() < size && read_some()) {
        }
        return answer + take(std::min(size, buffer_.size()));
    }

private:
    explicit RawClient(int socket) : socket_(socket) {
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    void connect(const sockaddr* address, socklen_t size) {
        if (::connect(socket_, address, size) != 0) throw std::runtime_error("no connection");
    }
    bool read_some() {
        char bytes[16384];
        const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            throw std::runtime_error("the server neither answers nor closes");
        }
        if (got <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }
    std::string take(std::size_t size) {
        std::string taken = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return taken;
    }

    int socket_;
    std::string buffer_;
};

inline int status_of(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

inline std::string body_of(const std::string& answer) {
    const std::size_t end = answer.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

inline std::string header_of(const std::string& answer, const std::string& name) {
    const std::size_t at = answer.find("\r\n" + name + ": ");
    if (at == std::string::npos || at > answer.find("\r\n\r\n")) return {};
    const std::size_t begin = at + name.size() + 4;
    return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

/// `POST /ingest`, as its bytes.
inline std::string ingest_request(const std::string& body) {
    return "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// The real application and server over fakes, on a thread of its own, as `serve` runs it.
class ServedWorld {
public:
    explicit ServedWorld(
        http::ServerLimits server_limits = {},
        http::ApplicationConfig config = default_config(),
        bool new_architecture = true
    )
        : world(new_architecture),
          application(std::move(config), parts()),
          server(io.get_executor(), application, server_limits) {
        StoreStatus status;
        status.state = StoreStatus::State::healthy;
        world.repository.set_status(status);
        if (!server.listen_tcp("127.0.0.1", 0)) std::abort();
        port = server.port();
        listen_local();
        thread = std::thread([this] { io.run(); });
    }
    ~ServedWorld() {
        io.stop();
        thread.join();
        ::unlink(socket_path.c_str());
        ::rmdir(folder.c_str());
    }

    static http::ApplicationConfig default_config() {
        http::ApplicationConfig config;
        config.version = "1.0.0";
        return config;
    }

    RawClient connect() const { return RawClient::tcp(port); }
    RawClient connect_as_owner() const { return RawClient::local(socket_path); }

    /// Runs a function on the server's thread and waits for it.
    template <class Function>
    auto on_io(Function function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto done = task.get_future();
        boost::asio::post(io, [&task] { task(); });
        return done.get();
    }
    void start_drain(http::DrainPlan plan) {
        // So that what is sent after this call meets a server that drains.
        on_io([this] { server.start_draining(); });
        boost::asio::post(io, [this, plan] {
            boost::asio::co_spawn(io, server.drain(plan), [this](std::exception_ptr) {
                drained.set_value();
            });
        });
    }
    /// Sends one request on a connection of its own and reads the answer.
    std::string exchange(std::string_view request) {
        RawClient client = connect();
        client.send(request);
        return client.read_answer();
    }

    /// Until so many embeddings are held back, or too long.
    void await_held(std::size_t count = 1) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (on_io([this] { return world.embeddings.waiting(); }) < count) {
            if (std::chrono::steady_clock::now() > until) throw std::runtime_error("none is held");
        }
    }

    std::int64_t stored_conversations() {
        return on_io([this] {
            return await(world.repository.counts(within(std::chrono::seconds(5))))
                .value()
                .conversations;
        });
    }

    World world;
    boost::asio::io_context io{1};
    /// A server that has drained leaves the thread without work; tests still ask it things.
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> kept_running{
        io.get_executor()};
    http::Application application;
    http::Server server;
    std::uint16_t port = 0;
    std::string folder;
    std::string socket_path;
    std::promise<void> drained;
    wire::Handler mcp_handler;  // Set before the first call of /mcp; else a plain answer.

private:
    /// Sends back what comes, piece by piece.
    static Task<bool> echo(
        wire::Request, CallContext, wire::BodySource& body, wire::AnswerSink& answers
    ) {
        wire::Response head;
        if (!co_await answers.begin(std::move(head))) co_return false;
        while (true) {
            std::string piece;
            const Result<bool> more = co_await body.read(piece);
            if (!more) co_return false;
            if (!*more) co_return true;
            if (!co_await answers.write(std::move(piece))) co_return false;
        }
    }

    http::ApplicationParts parts() {
        wire::Handler mcp = [this](wire::Request request, CallContext context) {
            if (mcp_handler) return mcp_handler(std::move(request), std::move(context));
            return answer_plainly(std::move(request));
        };
        wire::Handler handover = [](wire::Request, CallContext) -> Task<wire::Response> {
            co_return wire::json_response(200, "{\"handed\":true}");
        };
        auto text = [](bool open) { return std::string(open ? "# EOF\n" : "up 1\n"); };
        return http::ApplicationParts{
            world.use_cases,
            world.work_pool,
            world.telemetry,
            text,
            std::move(mcp),
            {http::OwnerRoute{"POST", "/owner/handover", std::move(handover)},
             http::OwnerRoute{"POST", "/owner/echo", wire::StreamHandler(echo)}}};
    }
    static Task<wire::Response> answer_plainly(wire::Request request) {
        co_return wire::json_response(200, "{\"mcp\":\"" + request.method + "\"}");
    }
    void listen_local() {
        char name[] = "/tmp/rag-http-XXXXXX";
        if (::mkdtemp(name) == nullptr) std::abort();
        folder = name;
        socket_path = folder + "/owner.sock";
        const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
        const auto* plain = reinterpret_cast<const sockaddr*>(&address);
        const bool bound =
            ::bind(listening, plain, sizeof address) == 0 && ::listen(listening, 16) == 0;
        if (!bound || !server.listen_owner(listening)) std::abort();
    }

    std::thread thread;
};

}  // namespace rag::test
