#include "client.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <charconv>

#include "infrastructure/version.hpp"

namespace rag::owner {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 64u << 10;
constexpr std::uint32_t kHeadBytesMax = 256u << 10;

tl::unexpected<Error> gone(const boost::system::error_code& error) {
    if (error == http::error::body_limit) {
        return fail(
            ErrorCode::too_large,
            "the answer is larger than 256 MiB; ask for a part of it (from, to, limit)"
        );
    }
    return fail(ErrorCode::unavailable, "the owner of the store is gone: " + error.message());
}

std::string head_text(const wire::Request& request, Client::BodyFraming framing) {
    std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
    const auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    if (request.header("Host").empty()) add("Host", "localhost");
    add("Connection", "close");
    add(wire::kVersionHeader, kVersion);
    for (const wire::Header& header : request.headers) add(header.name, header.value);
    if (framing == Client::BodyFraming::chunked) {
        add("Transfer-Encoding", "chunked");
        add("Expect", "100-continue");
    } else if (!request.body.empty() || request.method != "GET") {
        add("Content-Length", std::to_string(request.body.size()));
    }
    return text += "\r\n";
}

bool is_of_connection(http::field field) {
    return field == http::field::content_length || field == http::field::transfer_encoding ||
           field == http::field::connection || field == http::field::date;
}

}  // namespace

Task<Result<void>> Client::connect(std::string socket_path) {
    const asio::local::stream_protocol::endpoint endpoint(socket_path);
    const auto [error] = co_await socket_.async_connect(endpoint, kAwait);
    if (error) co_return gone(error);
    co_return Result<void>();
}

Task<Result<void>> Client::write(std::string_view bytes, std::string_view rest) {
    // In pieces, so that progress shows.
    constexpr std::size_t kPieceBytes = 256u << 10;
    while (!bytes.empty() || !rest.empty()) {
        const std::string_view first = bytes.substr(0, kPieceBytes);
        const std::string_view second = rest.substr(0, kPieceBytes - first.size());
        bytes.remove_prefix(first.size());
        rest.remove_prefix(second.size());
        const std::array buffers{
            asio::buffer(first.data(), first.size()), asio::buffer(second.data(), second.size())};
        const auto [error, written] = co_await asio::async_write(socket_, buffers, kAwait);
        if (error) co_return gone(error);
        last_progress_ = std::chrono::steady_clock::now();
    }
    co_return Result<void>();
}

Task<Result<void>> Client::send_head(wire::Request request, BodyFraming framing) {
    const std::string head = head_text(request, framing);
    const std::string_view body =
        framing == BodyFraming::whole ? std::string_view(request.body.text()) : std::string_view();
    co_return co_await write(head, body);
}

Task<Result<void>> Client::send_chunk(std::string piece) {
    if (piece.empty()) co_return Result<void>();  // An empty chunk would be the last.
    std::array<char, 18> size{};
    char* end = std::to_chars(size.data(), size.data() + 16, piece.size(), 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    piece += "\r\n";
    const std::string_view line(size.data(), static_cast<std::size_t>(end - size.data()));
    co_return co_await write(line, piece);
}

Task<Result<void>> Client::end_chunks() {
    constexpr std::string_view kLast = "0\r\n\r\n";
    co_return co_await write(kLast, std::string_view());
}

Task<Result<wire::Response>> Client::read_head(std::uint64_t body_bytes_max) {
    parser_.emplace();
    parser_->body_limit(body_bytes_max);
    parser_->header_limit(kHeadBytesMax);
    const auto [error, read] = co_await http::async_read_header(socket_, buffer_, *parser_, kAwait);
    if (error) co_return gone(error);
    last_progress_ = std::chrono::steady_clock::now();
    wire::Response response;
    response.status = static_cast<int>(parser_->get().result_int());
    for (const auto& field : parser_->get()) {
        if (is_of_connection(field.name())) continue;
        response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    co_return response;
}

Task<Result<bool>> Client::read_body(std::string& buffer) {
    const std::size_t before = buffer.size();
    while (!parser_->is_done() && buffer.size() == before) {
        buffer.resize(before + kReadBytes);
        http::buffer_body::value_type& body = parser_->get().body();
        body.data = buffer.data() + before;
        body.size = kReadBytes;
        auto [error, read] = co_await http::async_read_some(socket_, buffer_, *parser_, kAwait);
        buffer.resize(before + kReadBytes - body.size);
        // What was given as room is full.
        if (error == http::error::need_buffer) error = {};
        if (error) co_return gone(error);
        last_progress_ = std::chrono::steady_clock::now();
    }
    co_return buffer.size() > before;
}

}  // namespace rag::owner
