#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "byte_stream.hpp"

namespace rag::http {

/// A TCP or Unix socket, as it is.
class SocketStream final : public ByteStream {
public:
    using Socket = boost::asio::generic::stream_protocol::socket;

    explicit SocketStream(Socket socket);
    Task<ReadResult> read(std::string& buffer, std::size_t bytes_max, TimePoint until) override;
    Task<bool> write(std::string_view bytes, std::string_view rest, std::chrono::milliseconds stall)
        override;
    void write_at_once(std::string_view bytes) override;
    void end_writing() override;
    void close() override;
    bool is_open() const override { return socket_.is_open(); }

private:
    Socket socket_;
    boost::asio::steady_timer read_timer_;  // Two, because a stream reads and writes at once.
    boost::asio::steady_timer write_timer_;
};

}  // namespace rag::http
