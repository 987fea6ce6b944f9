#include "exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "infrastructure/version.hpp"

namespace rag::owner {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Stream = beast::basic_stream<asio::local::stream_protocol>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// As much as one ingest may hold, escaped. A conversation that grew by appends may be larger.
constexpr std::uint64_t kAnswerBytesMax = 256u << 20;

tl::unexpected<Error> broken(const boost::system::error_code& error) {
    if (error == beast::error::timeout) {
        return fail(ErrorCode::timeout, "the owner of the store did not answer in time");
    }
    return fail(ErrorCode::unavailable, "the owner of the store is gone: " + error.message());
}

http::request<http::string_body> to_beast(wire::Request request) {
    http::request<http::string_body> message;
    message.method_string(request.method);
    message.target(request.target);
    message.version(11);
    if (request.header("Host").empty()) message.set(http::field::host, "localhost");
    message.set(http::field::connection, "close");
    message.set(wire::kVersionHeader, kVersion);
    for (const wire::Header& header : request.headers) message.insert(header.name, header.value);
    message.body() = std::move(request.body);
    message.prepare_payload();
    return message;
}

wire::Response from_beast(http::response<http::string_body> message) {
    wire::Response response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
        const bool of_connection = field.name() == http::field::content_length ||
                                   field.name() == http::field::transfer_encoding ||
                                   field.name() == http::field::connection ||
                                   field.name() == http::field::date;
        if (!of_connection) {
            response.headers.push_back(
                {std::string(field.name_string()), std::string(field.value())}
            );
        }
    }
    response.body = std::move(message.body());
    return response;
}

}  // namespace

Task<Result<wire::Response>> exchange(
    std::string socket_path, wire::Request request, Deadline deadline
) {
    Stream stream(co_await asio::this_coro::executor);
    stream.expires_at(deadline);

    const asio::local::stream_protocol::endpoint endpoint(socket_path);
    const auto [connect_error] = co_await stream.async_connect(endpoint, kAwait);
    if (connect_error) co_return broken(connect_error);

    http::request<http::string_body> message = to_beast(std::move(request));
    const auto [write_error, written] = co_await http::async_write(stream, message, kAwait);
    // An owner that refuses a body answers before it has read all of it: so read all the same.
    if (write_error == beast::error::timeout) co_return broken(write_error);

    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerBytesMax);
    const auto [read_error, read] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (read_error == http::error::body_limit) {
        co_return fail(
            ErrorCode::too_large,
            "the answer is larger than 256 MiB; ask for a part of it (from, to, limit)"
        );
    }
    if (read_error) co_return broken(read_error);
    co_return from_beast(parser.release());
}

Task<void> wait_until_gone(std::string socket_path) {
    Stream stream(co_await asio::this_coro::executor);
    const asio::local::stream_protocol::endpoint endpoint(socket_path);
    const auto [connect_error] = co_await stream.async_connect(endpoint, kAwait);
    if (connect_error) co_return;
    // Nothing is asked, so nothing comes but the end, at the latest after the owner's limit for
    // idle connections; the caller looks again then.
    char nothing = 0;
    co_await stream.async_read_some(asio::buffer(&nothing, 1), kAwait);
}

}  // namespace rag::owner
