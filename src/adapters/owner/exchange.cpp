#include "exchange.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "client.hpp"
#include "wire/call_headers.hpp"

namespace rag::owner {

namespace {

namespace asio = boost::asio;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
/// The owner keeps the deadline too; its own answer, which knows more, is waited for.
constexpr std::chrono::seconds kAnswerMargin{2};
constexpr std::size_t kRefusalBytesMax = 1u << 20;
constexpr int kStatusContinue = 100;

tl::unexpected<Error> late() {
    return fail(ErrorCode::timeout, "the owner of the store did not answer in time");
}

Task<Result<wire::Response>> exchange_whole(Client& client, wire::Request request) {
    // An owner that refuses a body answers before it has read all of it: so read all the same.
    (void)co_await client.send_head(std::move(request), Client::BodyFraming::whole);
    Result<wire::Response> response = co_await client.read_head(Client::kAnswerBytesMax);
    if (!response) co_return response;
    while (true) {
        Result<bool> more = co_await client.read_body(response->body);
        if (!more) co_return tl::unexpected<Error>(std::move(more.error()));
        if (!*more) co_return response;
    }
}

/// Both directions of a streamed exchange.
class StreamedExchange {
public:
    StreamedExchange(Client& client, wire::BodySource& body, wire::AnswerSink& answers)
        : client_(client), body_(body), answers_(answers) {}

    /// Sends the body, then waits until it is cancelled. Returns if the body broke off.
    Task<Error> send() {
        asio::steady_timer forever(co_await asio::this_coro::executor, Deadline::max());
        std::string piece;
        while (true) {
            piece.clear();
            Result<bool> more = co_await body_.read(piece);
            if (!more) co_return std::move(more.error());
            owner_owes_ = true;  // To take it.
            Result<void> sent;
            if (*more) {
                sent = co_await client_.send_chunk(std::move(piece));
            } else {
                sent = co_await client_.end_chunks();
            }
            // Once the body has ended the owner owes its answer. If the owner takes no more it has
            // said why, or is gone: the reader will see.
            if (!*more || !sent) break;
            owner_owes_ = false;
        }
        co_await forever.async_wait(kAwait);
        co_return Error{ErrorCode::internal, "the exchange has ended", {}};
    }

    /// Hands on the answer whose head has been read. What is no success is short, and whoever
    /// repeats a request wants it as a whole.
    Task<Result<bool>> receive(wire::Response head) {
        if (head.status < 200 || head.status >= 300) {
            co_return co_await receive_short(std::move(head));
        }
        const bool wanted = co_await answers_.begin(std::move(head));
        if (!wanted) co_return false;
        co_return co_await receive_rest();
    }

    /// Reads the whole answer and hands it on.
    Task<Result<bool>> receive_all() {
        Result<wire::Response> head = co_await client_.read_head(Client::kAnyLength);
        if (!head) co_return tl::unexpected<Error>(std::move(head.error()));
        co_return co_await receive(std::move(*head));
    }

    /// From now on the owner is waited for.
    void owe() { owner_owes_ = true; }

    /// Returns once the owner has done nothing for too long that we wait for.
    Task<void> watch(std::chrono::milliseconds stall) {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (true) {
            const Deadline now = std::chrono::steady_clock::now();
            const Deadline until = std::max(client_.last_progress(), handed_on_) + stall;
            if (owner_owes_ && !handing_on_ && now >= until) co_return;
            timer.expires_at(std::max(until, now + stall / 4));
            co_await timer.async_wait(kAwait);
        }
    }

private:
    Task<Result<bool>> receive_rest() {
        std::string piece;
        while (true) {
            Result<bool> more = co_await client_.read_body(piece);
            if (!more) co_return tl::unexpected<Error>(std::move(more.error()));
            if (!*more) co_return true;
            // Whoever reads slowly is not the owner's fault.
            handing_on_ = true;
            std::string whole = std::exchange(piece, std::string());
            const bool taken = co_await answers_.write(std::move(whole));
            handing_on_ = false;
            handed_on_ = std::chrono::steady_clock::now();
            if (!taken) co_return false;
        }
    }

    Task<Result<bool>> receive_short(wire::Response response) {
        while (response.body.size() < kRefusalBytesMax) {
            Result<bool> more = co_await client_.read_body(response.body);
            if (!more) co_return tl::unexpected<Error>(std::move(more.error()));
            if (!*more) break;
        }
        co_return co_await answers_.send(std::move(response));
    }

    Client& client_;
    wire::BodySource& body_;
    wire::AnswerSink& answers_;
    bool handing_on_ = false;
    Deadline handed_on_{};
    bool owner_owes_ = false;  // We wait for the owner, not for who sends the body.
};

/// Runs a task unless that time comes first.
template <class T>
Task<Result<T>> before(Task<Result<T>> task, Deadline deadline) {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
    auto outcome = co_await (std::move(task) || timer.async_wait(kAwait));
    if (outcome.index() == 1) co_return late();
    co_return std::move(std::get<0>(outcome));
}

bool has_no_body(const wire::Request& head) {
    return head.method == "GET" || head.method == "HEAD";
}

/// The head is out; either the owner asks for the body (nullopt), or it has answered.
Task<Result<std::optional<wire::Response>>> read_first_head(Client& client) {
    Result<wire::Response> head = co_await client.read_head(Client::kAnyLength);
    if (!head) co_return tl::unexpected<Error>(std::move(head.error()));
    if (head->status == kStatusContinue) co_return std::optional<wire::Response>();
    co_return std::optional<wire::Response>(std::move(*head));
}

/// The owner has answered already; nothing of a body is wanted.
Task<Result<bool>> before_stall(
    StreamedExchange& both, wire::Response head, std::chrono::milliseconds stall
) {
    using namespace asio::experimental::awaitable_operators;
    both.owe();
    auto outcome = co_await (both.receive(std::move(head)) || both.watch(stall));
    if (outcome.index() == 1) co_return late();
    co_return std::move(std::get<0>(outcome));
}

Task<Result<std::optional<wire::Response>>> ask(
    Client& client, std::string socket_path, wire::Request head
) {
    const auto framing =
        has_no_body(head) ? Client::BodyFraming::whole : Client::BodyFraming::chunked;
    Result<void> done = co_await client.connect(std::move(socket_path));
    if (done) done = co_await client.send_head(std::move(head), framing);
    if (!done) co_return tl::unexpected<Error>(std::move(done.error()));
    co_return co_await read_first_head(client);
}

Task<Result<wire::Response>> connect_and_exchange(
    Client& client, std::string socket_path, wire::Request request
) {
    Result<void> connected = co_await client.connect(std::move(socket_path));
    if (!connected) co_return tl::unexpected<Error>(std::move(connected.error()));
    co_return co_await exchange_whole(client, std::move(request));
}

}  // namespace

Task<Result<wire::Response>> exchange(
    std::string socket_path, wire::Request request, CallContext context
) {
    wire::write_call_headers(context, request.headers);
    Client client(co_await asio::this_coro::executor);
    const Deadline until =
        context.deadline == Deadline::max() ? context.deadline : context.deadline + kAnswerMargin;
    co_return co_await before(
        connect_and_exchange(client, std::move(socket_path), std::move(request)), until
    );
}

Task<Result<bool>> exchange_stream(
    std::string socket_path,
    wire::Request head,
    CallContext context,
    wire::BodySource& body,
    wire::AnswerSink& answers,
    std::chrono::milliseconds stall
) {
    using namespace asio::experimental::awaitable_operators;
    wire::write_call_headers(context, head.headers);
    Client client(co_await asio::this_coro::executor);
    const Deadline until = std::chrono::steady_clock::now() + stall;
    Result<std::optional<wire::Response>> answered =
        co_await before(ask(client, std::move(socket_path), std::move(head)), until);
    if (!answered) co_return tl::unexpected<Error>(std::move(answered.error()));

    StreamedExchange both(client, body, answers);
    if (*answered) co_return co_await before_stall(both, std::move(**answered), stall);
    auto outcome = co_await (both.receive_all() || both.send() || both.watch(stall));
    if (outcome.index() == 0) co_return std::move(std::get<0>(outcome));
    if (outcome.index() == 1) co_return tl::unexpected<Error>(std::move(std::get<1>(outcome)));
    co_return late();
}

Task<void> wait_until_gone(std::string socket_path) {
    asio::local::stream_protocol::socket socket(co_await asio::this_coro::executor);
    const asio::local::stream_protocol::endpoint endpoint(socket_path);
    const auto [connect_error] = co_await socket.async_connect(endpoint, kAwait);
    if (connect_error) co_return;
    // Nothing is asked, so nothing comes but the end, at the latest after the owner's limit for
    // idle connections; the caller looks again then.
    char nothing = 0;
    co_await socket.async_read_some(asio::buffer(&nothing, 1), kAwait);
}

}  // namespace rag::owner
