#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "negotiation.hpp"
#include "wire/message.hpp"

/// The way from bytes to the header of a request, as strict as RFC 9112 allows: whatever two
/// parsers could read in two ways is refused, because a proxy in front may be the other one.
namespace rag::http {

/// Why bytes are no request that we take. The connection is closed after it.
struct Rejection {
    int status = 400;
    std::string_view code = "malformed_request";
    std::string detail;
};

template <class T>
using Framed = tl::expected<T, Rejection>;

struct Head {
    enum class Body : std::uint8_t { none, length, chunked };

    std::string method;
    /// In origin form; of an absolute one the path and query. Raw UTF-8 of a query has been
    /// percent-encoded.
    std::string target;
    int minor_version = 1;
    std::vector<wire::Header> headers;  // One valid Host; of HTTP/1.0 perhaps none.
    Body body = Body::none;
    std::uint64_t length = 0;  // Of `Body::length`.
    bool keep_alive = true;
    bool expects_continue = false;

    std::string_view header(std::string_view name) const;
};

struct HeadLimits {
    std::size_t header_bytes_max;
    std::size_t target_bytes_max;
};

/// Finds the end of a header in bytes that come piece by piece, and refuses what can be none as
/// soon as it shows, without waiting for the end.
class HeadScanner {
public:
    explicit HeadScanner(const HeadLimits& limits) : limits_(limits) {}

    /// `bytes`: all so far. Answers the size of the header with its empty line; nullopt: not
    /// complete yet.
    Framed<std::optional<std::size_t>> scan(std::string_view bytes);

private:
    HeadLimits limits_;
    std::size_t scanned_ = 0;
    std::size_t line_begin_ = 0;
    std::size_t first_line_end_ = 0;  // 0: not seen yet.
};

/// `block`: request line, header lines and the empty line, as `HeadScanner` cut them.
Framed<Head> parse_head(std::string_view block);

/// Host and Origin of bytes that are no header that we take, as far as they came and can be read:
/// a web page may be told why. `bytes` begins with the request line.
Sender sender_of(std::string_view bytes);

bool is_token(std::string_view text);
/// "example.com", "127.0.0.1:8000", "[::1]:8000"
bool is_valid_host(std::string_view text);

/// Adds one header line to `headers`, or says what is wrong with it.
Framed<void> parse_header_line(std::string_view line, std::vector<wire::Header>& headers);

}  // namespace rag::http
