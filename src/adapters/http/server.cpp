#include "http/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <set>
#include <utility>

#include "application/event.hpp"
#include "connection.hpp"
#include "socket_stream.hpp"

namespace rag::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;
using Socket = SocketStream::Socket;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
/// Connections over the limit that are still taken, so that probes get through.
constexpr std::size_t kProbeConnections = 32;
/// When the system has no descriptor left: until some connection has ended.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kAbandonWait{2};
constexpr std::chrono::milliseconds kLastWait{200};

void close_on_exec(int descriptor) { ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

bool is_own_user(int descriptor) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           peer.uid == ::geteuid();
}

Error listen_error(const boost::system::error_code& error, const std::string& where) {
    if (error == asio::error::address_in_use) {
        return Error{
            ErrorCode::conflict, where + " is in use by another program; choose another PORT.", {}};
    }
    return Error{
        ErrorCode::invalid_argument,
        "Cannot listen on " + where + ": " + error.message() + ".",
        {}};
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    Impl(asio::any_io_executor e, Application& application, ServerLimits config)
        : executor(std::move(e)),
          state(std::make_shared<ServerState>(ServerState{application, config})) {}

    Result<void> bind(const tcp::endpoint& endpoint, const std::string& where);
    static Task<void> accept_tcp(std::shared_ptr<Impl> self, std::size_t index);
    static Task<void> accept_owner(std::shared_ptr<Impl> self);
    static Task<void> hold(std::shared_ptr<Impl> self, std::shared_ptr<Connection> connection);
    void take(Socket socket, wire::Origin origin);
    void close_acceptors();
    Task<void> wait_until_empty(std::chrono::steady_clock::time_point until);

    asio::any_io_executor executor;
    std::shared_ptr<ServerState> state;
    Event connection_ended;
    std::vector<tcp::acceptor> acceptors;
    std::optional<Local::acceptor> owner_acceptor;
    std::set<std::shared_ptr<Connection>> connections;
};

Result<void> Server::Impl::bind(const tcp::endpoint& endpoint, const std::string& where) {
    boost::system::error_code error;
    tcp::acceptor acceptor(executor);
    acceptor.open(endpoint.protocol(), error);
    if (!error) close_on_exec(acceptor.native_handle());
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && endpoint.address().is_v6()) {
        acceptor.set_option(asio::ip::v6_only(true), error);
    }
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected<Error>(listen_error(error, where));
    acceptors.push_back(std::move(acceptor));
    return {};
}

Task<void> Server::Impl::accept_tcp(std::shared_ptr<Impl> self, std::size_t index) {
    asio::steady_timer pause(self->executor);
    while (self->acceptors[index].is_open()) {
        auto [error, socket] = co_await self->acceptors[index].async_accept(kAwait);
        if (error == asio::error::operation_aborted) break;
        if (error) {
            pause.expires_after(kAcceptPause);
            co_await pause.async_wait(kAwait);
            continue;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        self->take(Socket(std::move(socket)), wire::Origin::network);
    }
}

Task<void> Server::Impl::accept_owner(std::shared_ptr<Impl> self) {
    asio::steady_timer pause(self->executor);
    while (self->owner_acceptor && self->owner_acceptor->is_open()) {
        auto [error, socket] = co_await self->owner_acceptor->async_accept(kAwait);
        if (error == asio::error::operation_aborted) break;
        if (error) {
            pause.expires_after(kAcceptPause);
            co_await pause.async_wait(kAwait);
            continue;
        }
        if (!is_own_user(socket.native_handle())) continue;
        self->take(Socket(std::move(socket)), wire::Origin::owner_socket);
    }
}

void Server::Impl::take(Socket socket, wire::Origin origin) {
    close_on_exec(socket.native_handle());
    const std::size_t most = state->config.connections_max;
    if (connections.size() >= most + kProbeConnections) return;  // Closes it.
    const Connection::Options options{origin, connections.size() >= most};
    auto connection = std::make_shared<Connection>(
        std::make_unique<SocketStream>(std::move(socket)), state, options
    );
    connections.insert(connection);
    asio::co_spawn(executor, hold(shared_from_this(), std::move(connection)), asio::detached);
}

Task<void> Server::Impl::hold(std::shared_ptr<Impl> self, std::shared_ptr<Connection> connection) {
    try {
        co_await connection->run();
    } catch (const std::exception&) {
        // Out of memory, most likely. This connection is lost, the others are not.
        connection->abort();
    }
    self->connections.erase(connection);
    self->connection_ended.notify();
}

void Server::Impl::close_acceptors() {
    boost::system::error_code ignored;
    for (tcp::acceptor& acceptor : acceptors) acceptor.close(ignored);
    if (owner_acceptor) owner_acceptor->close(ignored);
}

Task<void> Server::Impl::wait_until_empty(std::chrono::steady_clock::time_point until) {
    std::function<bool()> empty = [this] { return connections.empty(); };
    co_await connection_ended.wait_until(std::move(empty), until);
}

Server::Server(asio::any_io_executor executor, Application& application, ServerLimits config)
    : impl_(std::make_shared<Impl>(std::move(executor), application, config)) {}

Server::~Server() {
    impl_->close_acceptors();
    for (const std::shared_ptr<Connection>& connection : impl_->connections) connection->abort();
}

Result<void> Server::listen_tcp(const std::string& host, std::uint16_t port) {
    const std::string where = host + ":" + std::to_string(port);
    boost::system::error_code error;
    tcp::resolver resolver(impl_->executor);
    const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
    if (error) return tl::unexpected<Error>(listen_error(error, where));

    const std::size_t before = impl_->acceptors.size();
    std::set<tcp::endpoint> endpoints;
    for (const auto& entry : found) endpoints.insert(entry.endpoint());
    std::optional<Error> failure;
    for (tcp::endpoint endpoint : endpoints) {
        // A second address takes the port that the system chose for the first.
        if (port == 0 && impl_->acceptors.size() > before) endpoint.port(this->port());
        Result<void> bound = impl_->bind(endpoint, where);
        if (bound) continue;
        failure = std::move(bound.error());
        if (failure->code == ErrorCode::conflict) break;
    }
    // "localhost" may have an address that this machine lacks; one that works is enough.
    const bool in_use = failure && failure->code == ErrorCode::conflict;
    if (in_use || impl_->acceptors.size() == before) {
        impl_->acceptors.erase(
            impl_->acceptors.begin() + static_cast<std::ptrdiff_t>(before), impl_->acceptors.end()
        );
        return tl::unexpected<Error>(std::move(*failure));
    }
    for (std::size_t i = before; i < impl_->acceptors.size(); ++i) {
        asio::co_spawn(impl_->executor, Impl::accept_tcp(impl_, i), asio::detached);
    }
    return {};
}

Result<void> Server::listen_owner(int descriptor) {
    boost::system::error_code error;
    impl_->owner_acceptor.emplace(impl_->executor);
    impl_->owner_acceptor->assign(Local(), descriptor, error);
    if (error) {
        ::close(descriptor);
        return tl::unexpected<Error>(listen_error(error, "the owner's socket"));
    }
    close_on_exec(descriptor);
    asio::co_spawn(impl_->executor, Impl::accept_owner(impl_), asio::detached);
    return {};
}

std::uint16_t Server::port() const {
    if (impl_->acceptors.empty()) return 0;
    boost::system::error_code ignored;
    return impl_->acceptors.front().local_endpoint(ignored).port();
}

std::size_t Server::connections() const { return impl_->connections.size(); }

Task<void> Server::wait_until_empty() {
    const std::shared_ptr<Impl> impl = impl_;
    co_await impl->wait_until_empty(Deadline::max());
}

void Server::start_draining() { impl_->state->draining = true; }

Task<void> Server::drain(DrainPlan plan) {
    const std::shared_ptr<Impl> impl = impl_;
    impl->state->draining = true;
    asio::steady_timer delay(impl->executor, plan.delay);
    co_await delay.async_wait(kAwait);

    impl->close_acceptors();
    for (const std::shared_ptr<Connection>& connection : impl->connections) {
        connection->close_if_idle();
    }
    co_await impl->wait_until_empty(std::chrono::steady_clock::now() + plan.limit);
    if (impl->connections.empty()) co_return;

    // What is being committed at this moment still gets its true answer; the rest learns why.
    if (plan.abandon) {
        plan.abandon();
        co_await impl->wait_until_empty(std::chrono::steady_clock::now() + kAbandonWait);
    }
    for (const std::shared_ptr<Connection>& connection : impl->connections) connection->abort();
    co_await impl->wait_until_empty(std::chrono::steady_clock::now() + kLastWait);
}

}  // namespace rag::http
