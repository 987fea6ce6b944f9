#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/time.hpp"
#include "wire/message.hpp"

namespace rag::owner {

/// A connection to the owner's socket that carries one request and its answer, piece by piece. One
/// thread; one write and one read may be under way at once. Without time limits of its own.
class Client {
public:
    explicit Client(const boost::asio::any_io_executor& executor) : socket_(executor) {}

    /// An error is `unavailable`, here and below: the owner is gone. `too_large`: the answer is
    /// more than `kAnswerBytesMax`, where that is asked for.
    Task<Result<void>> connect(std::string socket_path);

    /// How the body of a request goes.
    enum class BodyFraming : std::uint8_t { whole, chunked };
    /// With `chunked` the head asks for a 100 Continue. A `whole` body goes out with it.
    Task<Result<void>> send_head(wire::Request request, BodyFraming framing);
    Task<Result<void>> send_chunk(std::string piece);
    Task<Result<void>> end_chunks();

    /// What a process takes at once: as much as one ingest may hold, escaped. A conversation that
    /// grew by appends may be larger.
    static constexpr std::uint64_t kAnswerBytesMax = 256u << 20;
    static constexpr std::uint64_t kAnyLength = std::numeric_limits<std::uint64_t>::max();
    /// Status and headers of the answer, without those that concern the connection alone. Of an
    /// interim answer (100) too; the next one follows.
    Task<Result<wire::Response>> read_head(std::uint64_t body_bytes_max);
    /// Adds the next bytes of the body to `buffer`; false: it has ended.
    Task<Result<bool>> read_body(std::string& buffer);

    /// When bytes last went either way.
    Deadline last_progress() const { return last_progress_; }

private:
    using Parser = boost::beast::http::response_parser<boost::beast::http::buffer_body>;

    Task<Result<void>> write(std::string_view bytes, std::string_view rest);

    boost::asio::local::stream_protocol::socket socket_;
    boost::beast::flat_buffer buffer_;
    std::optional<Parser> parser_;
    Deadline last_progress_ = std::chrono::steady_clock::now();
};

}  // namespace rag::owner
