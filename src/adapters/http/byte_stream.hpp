#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "application/task.hpp"

namespace rag::http {

/// The bytes of a connection, both ways. What carries them (a TCP or Unix socket, TLS over one) is
/// known here alone. One read and one write may be under way at once. One thread.
class ByteStream {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    enum class ReadResult : std::uint8_t { bytes, end, timeout };

    virtual ~ByteStream() = default;

    /// Adds at most `bytes_max` of the next bytes to `buffer`, at least one unless it says why not.
    virtual Task<ReadResult> read(std::string& buffer, std::size_t bytes_max, TimePoint until) = 0;
    /// Writes both, one after the other, without a copy that joins them. False: the peer is gone,
    /// or took nothing for `stall`: a large answer over a slow line is no stall.
    virtual Task<bool> write(
        std::string_view bytes, std::string_view rest, std::chrono::milliseconds stall
    ) = 0;
    /// Writes what can be written without waiting, from outside the coroutine that uses the stream.
    virtual void write_at_once(std::string_view bytes) = 0;
    /// Nothing more is written; the peer learns of it, and may still send.
    virtual void end_writing() = 0;
    /// Ends both ways; what waits returns.
    virtual void close() = 0;
    virtual bool is_open() const = 0;
};

}  // namespace rag::http
