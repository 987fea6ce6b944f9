#include "socket_stream.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace rag::http {

namespace asio = boost::asio;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kWriteBytes = 256u << 10;

}  // namespace

SocketStream::SocketStream(Socket socket)
    : socket_(std::move(socket)),
      read_timer_(socket_.get_executor()),
      write_timer_(socket_.get_executor()) {}

Task<ByteStream::ReadResult> SocketStream::read(
    std::string& buffer, std::size_t bytes_max, TimePoint until
) {
    using namespace asio::experimental::awaitable_operators;
    const std::size_t before = buffer.size();
    buffer.resize(before + bytes_max);
    read_timer_.expires_at(until);
    const auto space = asio::buffer(buffer.data() + before, bytes_max);
    const auto outcome =
        co_await (socket_.async_read_some(space, kAwait) || read_timer_.async_wait(kAwait));
    if (outcome.index() == 1) {
        buffer.resize(before);
        co_return ReadResult::timeout;
    }
    const auto& [error, size] = std::get<0>(outcome);
    buffer.resize(before + size);
    co_return error ? ReadResult::end : ReadResult::bytes;
}

Task<bool> SocketStream::write(
    std::string_view bytes, std::string_view rest, std::chrono::milliseconds stall
) {
    using namespace asio::experimental::awaitable_operators;
    // In pieces, each with its own time.
    while (!bytes.empty() || !rest.empty()) {
        const std::string_view first = bytes.substr(0, kWriteBytes);
        const std::string_view second = rest.substr(0, kWriteBytes - first.size());
        bytes.remove_prefix(first.size());
        rest.remove_prefix(second.size());
        write_timer_.expires_after(stall);
        const std::array buffers{
            asio::buffer(first.data(), first.size()), asio::buffer(second.data(), second.size())};
        const auto outcome = co_await (
            asio::async_write(socket_, buffers, kAwait) || write_timer_.async_wait(kAwait)
        );
        if (outcome.index() == 1 || std::get<0>(std::get<0>(outcome))) co_return false;
    }
    co_return true;
}

void SocketStream::write_at_once(std::string_view bytes) {
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.write_some(asio::buffer(bytes.data(), bytes.size()), ignored);
}

void SocketStream::end_writing() {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void SocketStream::close() {
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace rag::http
