#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/application.hpp"

namespace rag::http {

struct ServerLimits {
    std::chrono::milliseconds header_timeout{
        10'000};  // From a request's first byte to its last header.
    std::chrono::milliseconds idle_timeout{75'000};   // Of a connection between two requests.
    std::chrono::milliseconds stall_timeout{30'000};  // Without progress in a body or an answer.
    std::size_t header_bytes_max = limits::kHeaderBytesMax;
    std::size_t target_bytes_max = 8u << 10;
    std::size_t connections_max = 1'000;
    std::size_t inflight_bytes_max = 256u << 20;  // Request bodies at once.
};

/// How a server ends: for `delay` calls are still served, with `Connection: close`; then the port
/// closes; what runs may finish for `limit`, then it is answered 503.
struct DrainPlan {
    std::chrono::milliseconds delay{2'000};
    std::chrono::milliseconds limit{20'000};
    /// Called at the limit: makes what still runs fail before it stores anything.
    std::function<void()> abandon = nullptr;
};

/// Listens and carries requests to the application: HTTP/1.1 after RFC 9112 over TCP and over the
/// owner's Unix socket. One thread, that of the executor; its public functions are called there.
class Server {
public:
    Server(boost::asio::any_io_executor executor, Application& application, ServerLimits config);
    ~Server();  // Closes everything at once.
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens on every address that the host has. `conflict`: the port is in use;
    /// `invalid_argument`: no such host, or not ours to bind.
    Result<void> listen_tcp(const std::string& host, std::uint16_t port);
    /// Takes over a listening Unix socket. Only processes of the same user are let in, and they
    /// are `wire::Origin::owner_socket`.
    Result<void> listen_owner(int descriptor);

    /// Of the first TCP listener; what the system chose if 0 was asked for.
    std::uint16_t port() const;
    std::size_t connections() const;
    Task<void> wait_until_empty();  // Until there is no connection.

    /// From now on every answer says `Connection: close`.
    void start_draining();
    /// Ends as the plan says. Bounded: a request may still run when this returns, unheard by its
    /// client; what it uses must stay until `connections` says 0.
    Task<void> drain(DrainPlan plan);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  // Shared with the connections' coroutines, which end later.
};

}  // namespace rag::http
