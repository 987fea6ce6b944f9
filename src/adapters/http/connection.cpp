#include "connection.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "stream_room.hpp"

namespace rag::http {

namespace {

constexpr std::size_t kHeaderReadBytes = 16u << 10;
constexpr std::size_t kLingerBytesMax = 64u << 20;
constexpr std::size_t kLingerReadBytes = 64u << 10;
constexpr std::chrono::seconds kLingerTime{5};
/// An unwanted body of this size is read to its end, so that the connection can be kept.
constexpr std::size_t kSkipBytesMax = 64u << 10;
/// Of a stream, which has no deadline.
constexpr std::size_t kStreamBytesPerSecondMin = 1u << 10;

using Clock = std::chrono::steady_clock;

}  // namespace

std::size_t BodyRoom::stream_bytes_max() const {
    const std::size_t all = server_.config.inflight_bytes_max;
    const std::size_t line = server_.application.config().body_bytes_max + kStreamReadBytes;
    return std::min(all, std::max(all / 2, line));
}

bool BodyRoom::resize(std::size_t bytes) {
    const std::size_t inflight = server_.inflight_bytes - taken_ + bytes;
    const bool streams = kind_ == Kind::stream;
    const std::size_t stream = streams ? server_.stream_bytes - taken_ + bytes : 0;
    const bool fits =
        inflight <= server_.config.inflight_bytes_max && (!streams || stream <= stream_bytes_max());
    if (bytes > taken_ && !fits) return false;
    server_.inflight_bytes = inflight;
    if (streams) server_.stream_bytes = stream;
    taken_ = bytes;
    return true;
}

Connection::Connection(
    std::unique_ptr<ByteStream> stream, std::shared_ptr<ServerState> server, Options options
)
    : stream_(std::move(stream)), server_(std::move(server)), options_(options) {}

Task<void> Connection::run() {
    while (!aborted_) {
        std::optional<Head> head = co_await read_head();
        if (!head || aborted_) break;
        const bool next = co_await serve(std::move(*head));
        admission_ = nullptr;
        if (!next) break;
        step_ = Step::idle;
        sender_ = {};
    }
    close();
}

Task<bool> Connection::write_response(
    const wire::Response& response, const Head& head, bool close
) {
    // Whoever aborted this connection has written the answer, or is about to.
    if (aborted_) co_return false;
    step_ = Step::answering;
    ResponseFraming framing;
    framing.length = response.body.size();
    framing.close = close || server_->draining || !head.keep_alive;
    framing.minor_version = head.minor_version;
    const std::string bytes = response_head(response, framing);
    const std::string_view body = head.method == "HEAD" ? std::string_view() : response.body;
    const bool written = co_await write_all(bytes, body);
    co_return written && !framing.close;
}

Task<std::optional<Head>> Connection::read_head() {
    HeadScanner scanner(HeadLimits{
        server_->config.header_bytes_max, server_->config.target_bytes_max});
    TimePoint until = Clock::now() + server_->config.idle_timeout;
    bool begun = false;
    while (true) {
        // One empty line before a request is forgiven (RFC 9112 §2.2).
        if (!begun && in_.starts_with("\r\n")) in_.erase(0, 2);
        if (!begun && !in_.empty() && in_ != "\r") {
            begun = true;
            step_ = Step::busy;
            until = Clock::now() + server_->config.header_timeout;
        }
        if (begun) {
            Framed<std::optional<std::size_t>> end = scanner.scan(in_);
            Framed<Head> head = tl::unexpected<Rejection>(Rejection{});
            if (end && *end) {
                head = parse_head(std::string_view(in_).substr(0, **end));
                if (head) in_.erase(0, **end);
                if (head) co_return std::move(*head);
            }
            if (!end || *end) {
                Sender sender = sender_of(in_);
                Rejection why = end ? std::move(head.error()) : std::move(end.error());
                co_await reject(std::move(why), std::move(sender));
                co_return std::nullopt;
            }
        }
        const ReadResult read = co_await read_more(until, kHeaderReadBytes);
        if (read == ReadResult::bytes) continue;
        if (read == ReadResult::timeout && begun) {
            Rejection late{408, "request_timeout", "the header took too long"};
            Sender sender = sender_of(in_);
            co_await reject(std::move(late), std::move(sender));
        }
        co_return std::nullopt;
    }
}

Task<void> Connection::reject(Rejection rejection, Sender sender) {
    const wire::Response response = server_->application.refuse_malformed(
        rejection.status, rejection.code, std::move(rejection.detail), sender
    );
    const Head nothing;
    co_await write_response(response, nothing, true);
    co_await linger();
}

void Connection::apply_limits(const Head& head, Admission& admission, BodyRoom& room) const {
    if (admission.refusal) return;
    const Application& application = server_->application;
    const bool declared = head.body == Head::Body::length;
    std::size_t wanted = declared ? static_cast<std::size_t>(head.length) : 0;
    // A stream holds a part of its body; it takes room for lines when it has them.
    if (admission.streamed) wanted = kStreamReadBytes;

    if (options_.probes_only && !admission.probe) {
        admission.refusal =
            application.refusal(admission, 503, "overloaded", "too many connections");
    } else if (declared && !admission.streamed && head.length > admission.body_bytes_max) {
        admission.refusal =
            application.refusal(admission, 413, "too_large", "the body is too large");
    } else if (!room.resize(wanted)) {
        admission.refusal =
            application.refusal(admission, 503, "overloaded", "too many bytes of bodies at once");
    }
}

Task<bool> Connection::serve(Head head) {
    wire::Request request;
    request.method = head.method;
    request.target = head.target;
    request.headers = head.headers;
    request.origin = options_.origin;
    sender_ = Sender{std::string(head.header("Host")), joined_header(request, "Origin")};
    const CallContext context = CallContext::of_default_tenant(Deadline::max());
    Application& application = server_->application;
    Admission admission = co_await application.admit(request, context);
    if (aborted_) co_return false;
    admission_ = &admission;
    BodyRoom room(*server_, admission.streamed ? BodyRoom::Kind::stream : BodyRoom::Kind::whole);
    apply_limits(head, admission, room);
    if (admission.refusal) {
        wire::Response response = co_await application.answer(admission, std::move(request));
        co_return co_await refuse_unread(head, std::move(response));
    }
    if (head.expects_continue && in_.empty()) {
        if (!co_await write_all("HTTP/1.1 100 Continue\r\n\r\n")) co_return false;
    }
    if (admission.streamed) {
        co_return co_await serve_streamed(head, admission, std::move(request), room);
    }

    const RequestBody::Limits limits{admission.body_bytes_max, admission.context.deadline};
    RequestBody body(*this, head, limits, room);
    std::string text;
    if (!co_await body.read_all(text)) {
        const Rejection& why = body.rejection();
        const wire::Response response =
            application.refuse(admission, why.status, why.code, why.detail);
        co_await write_response(response, head, true);
        co_await linger();
        co_return false;
    }
    request.body = std::move(text);
    const wire::Response response = co_await application.answer(admission, std::move(request));
    co_return co_await write_response(response, head, options_.probes_only);
}

Task<bool> Connection::serve_streamed(
    const Head& head, Admission& admission, wire::Request request, BodyRoom& room
) {
    RequestBody::Limits limits{
        std::numeric_limits<std::size_t>::max(), Deadline::max(), kStreamBytesPerSecondMin};
    // One of our own processes may wait for a person who types; that it is gone is seen at once.
    if (options_.origin != wire::Origin::network)
        limits = {limits.bytes_max, Deadline::max(), 0, false};
    RequestBody body(*this, head, limits, room);
    StreamedAnswer answers(*this, head, body);
    const bool complete =
        co_await server_->application.stream(admission, std::move(request), body, answers);
    // What is left of the body must never be read as the next request.
    if (complete && body.done()) co_return co_await answers.finish();
    if (!answers.begun()) {
        const Rejection& why = body.rejection();
        const wire::Response response =
            server_->application.refuse(admission, why.status, why.code, why.detail);
        co_await write_response(response, head, true);
    }
    // An answer that has begun ends without its end, which is how the client learns of it.
    co_await linger();
    co_return false;
}

Task<bool> Connection::refuse_unread(const Head& head, wire::Response response) {
    // A client that waits for 100 Continue sends no body after a refusal, or all of it: who knows.
    const bool keep =
        head.body == Head::Body::none || (head.body == Head::Body::length && head.length == 0) ||
        (!head.expects_continue && head.body == Head::Body::length && head.length <= kSkipBytesMax);
    if (!keep) {
        co_await write_response(response, head, true);
        co_await linger();
        co_return false;
    }
    const RequestBody::Limits limits{kSkipBytesMax, Clock::now() + kLingerTime};
    BodyRoom room(*server_, BodyRoom::Kind::whole);
    RequestBody body(*this, head, limits, room);
    std::string skipped;
    const bool read = co_await body.read_all(skipped);
    co_return co_await write_response(response, head, !read) && read;
}

Task<void> Connection::linger() {
    stream_->end_writing();
    const TimePoint until = Clock::now() + kLingerTime;
    std::size_t taken = 0;
    while (taken < kLingerBytesMax && !aborted_) {
        in_.clear();
        if (co_await read_more(until, kLingerReadBytes) != ReadResult::bytes) co_return;
        taken += in_.size();
    }
}

void Connection::close_if_idle() {
    if (step_ == Step::idle) close();
}

/// Whatever comes of the request later, this is what its client got, and what is counted.
wire::Response Connection::left_undone() {
    constexpr int kStatus = 503;
    constexpr std::string_view kCode = "shutting_down";
    const char* why = "the server is shutting down; try again";
    Application& application = server_->application;
    if (admission_ != nullptr) return application.refuse(*admission_, kStatus, kCode, why);
    return application.refuse_malformed(kStatus, kCode, why, sender_);
}

void Connection::abort() {
    if (std::exchange(aborted_, true) || !stream_->is_open()) return;
    if (step_ == Step::busy) {
        const wire::Response response = left_undone();
        ResponseFraming framing;
        framing.length = response.body.size();
        framing.close = true;
        const std::string bytes = response_head(response, framing) + response.body;
        // Small enough for the socket's buffer, or the peer does not read anyway.
        stream_->write_at_once(bytes);
    }
    close();
}

}  // namespace rag::http
