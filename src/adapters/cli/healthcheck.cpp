#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>

#include "commands.hpp"

namespace rag::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTimeout = std::chrono::seconds(4);  // Probes usually wait for five.
constexpr std::size_t kStatusLineBytesMax = 256;

class Socket {
public:
    explicit Socket(int descriptor) : descriptor_(descriptor) {}
    ~Socket() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int get() const { return descriptor_; }

    /// False at the deadline.
    bool await(short events, Clock::time_point deadline) const {
        while (true) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
            if (left.count() <= 0) return false;
            pollfd wanted{.fd = descriptor_, .events = events, .revents = 0};
            const int ready = ::poll(&wanted, 1, static_cast<int>(left.count()));
            if (ready >= 0 || errno != EINTR) return ready > 0;
        }
    }

private:
    int descriptor_;
};

bool connect_to(const Socket& socket, const addrinfo& address, Clock::time_point deadline) {
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return true;
    if (errno != EINPROGRESS || !socket.await(POLLOUT, deadline)) return false;
    int failed = 0;
    socklen_t size = sizeof failed;
    return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0;
}

/// The first bytes of the answer; empty: none came.
std::string ask(const addrinfo& address, Clock::time_point deadline) {
    const Socket socket(
        ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    );
    if (socket.get() < 0 || !connect_to(socket, address, deadline)) return {};
    constexpr std::string_view kRequest =
        "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::send(socket.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(kRequest.size())) {
        return {};
    }
    std::string answer;
    while (answer.size() < kStatusLineBytesMax && socket.await(POLLIN, deadline)) {
        char piece[kStatusLineBytesMax];
        const ssize_t count = ::recv(socket.get(), piece, sizeof piece, 0);
        if (count <= 0) break;
        answer.append(piece, static_cast<std::size_t>(count));
    }
    return answer;
}

std::string reachable_host(const std::string& host) {
    if (host == "0.0.0.0") return "127.0.0.1";
    if (host == "::" || host == "[::]") return "::1";
    if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
    return host;
}

}  // namespace

int healthcheck(const Config& config, const Terminal& terminal) {
    const std::string host = reachable_host(config.server.host);
    const std::string port = std::to_string(config.server.port);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
        terminal.err << "mcp-backend: HOST cannot be resolved: " << host << "\n";
        return kFailed;
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, ::freeaddrinfo);
    const Clock::time_point deadline = Clock::now() + kTimeout;
    std::string answer;
    for (const addrinfo* address = found; address != nullptr && answer.empty();
         address = address->ai_next) {
        answer = ask(*address, deadline);
    }
    if (answer.starts_with("HTTP/1.1 200 ")) return kDone;
    terminal.err << "mcp-backend: http://" << host << ":" << port << "/readyz "
                 << (answer.empty() ? std::string("does not answer")
                                    : "says " + answer.substr(0, answer.find('\r')))
                 << "\n";
    return kFailed;
}

}  // namespace rag::cli
