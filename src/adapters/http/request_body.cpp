#include <algorithm>
#include <utility>

#include "connection.hpp"

namespace rag::http {

namespace {

constexpr std::size_t kBodyReadBytes = 128u << 10;

}  // namespace

RequestBody::RequestBody(Connection& connection, const Head& head, Limits limits, BodyRoom& room)
    : connection_(connection),
      room_(room),
      chunked_(head.body == Head::Body::chunked),
      limits_(limits),
      left_(head.length),
      done_(!chunked_ && head.length == 0) {}

Framed<void> RequestBody::decode(std::string& buffer) {
    std::string& in = connection_.in_;
    const std::size_t before = buffer.size();
    if (chunked_) {
        Framed<std::size_t> used = decoder_.decode(in, buffer);
        if (!used) return tl::unexpected(std::move(used.error()));
        in.erase(0, *used);
        done_ = decoder_.done();
    } else {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
        buffer.append(in, 0, size);
        in.erase(0, size);
        left_ -= size;
        done_ = left_ == 0;
    }
    taken_ += buffer.size() - before;
    if (taken_ <= limits_.bytes_max) return {};
    return tl::unexpected<Rejection>(Rejection{413, "too_large", "the body is too large"});
}

Deadline RequestBody::patience() const {
    const Clock::time_point now = Clock::now();
    if (!limits_.stalls) return limits_.deadline;
    const std::chrono::milliseconds stall = connection_.server_->config.stall_timeout;
    Deadline until = std::min<Deadline>(now + stall, limits_.deadline);
    if (limits_.bytes_per_second_min > 0) {
        const std::chrono::seconds earned(taken_ / limits_.bytes_per_second_min);
        until = std::min<Deadline>(until, now + stall + earned - waited_);
    }
    return until;
}

bool RequestBody::hold(std::size_t bytes) {
    if (room_.resize(bytes)) return true;
    rejection_ = Rejection{503, "overloaded", "too many bytes of bodies at once"};
    return false;
}

Task<Result<bool>> RequestBody::read(std::string& buffer) {
    const std::size_t before = buffer.size();
    while (!done_ && buffer.size() == before) {
        if (connection_.in_.empty()) {
            const Clock::time_point began = Clock::now();
            const Connection::ReadResult got =
                co_await connection_.read_more(patience(), kBodyReadBytes);
            waited_ += Clock::now() - began;
            if (got == Connection::ReadResult::timeout) {
                rejection_ = Rejection{408, "request_timeout", "the body took too long"};
                co_return fail(ErrorCode::timeout, rejection_.detail);
            }
            if (got == Connection::ReadResult::end) {
                rejection_ = Rejection{400, "malformed_body", "the body ended too early"};
                co_return fail(ErrorCode::invalid_argument, rejection_.detail);
            }
        }
        Framed<void> decoded = decode(buffer);
        if (!decoded) {
            rejection_ = std::move(decoded.error());
            co_return fail(ErrorCode::invalid_argument, rejection_.detail);
        }
    }
    co_return !done_ || buffer.size() > before;
}

Task<bool> RequestBody::read_all(std::string& body) {
    const std::size_t declared = chunked_ ? 0 : static_cast<std::size_t>(left_);
    body.reserve(declared);
    while (!done_) {
        Result<bool> more = co_await read(body);
        if (!more) co_return false;
        if (!hold(std::max(body.size(), declared))) co_return false;
    }
    co_return true;
}

bool StreamedAnswer::is_bodyless() const { return head_.method == "HEAD"; }

Task<bool> StreamedAnswer::begin(wire::Response head) {
    if (connection_.aborted_) co_return false;
    begun_ = true;
    connection_.step_ = Connection::Step::answering;
    chunked_ = head_.minor_version > 0;
    keep_ = chunked_ && head_.keep_alive && !connection_.server_->draining;
    ResponseFraming framing;
    framing.body = chunked_ ? ResponseFraming::Body::chunked : ResponseFraming::Body::until_close;
    framing.close = !keep_;
    framing.minor_version = head_.minor_version;
    const std::string bytes = response_head(head, framing);
    co_return co_await connection_.write_all(bytes);
}

Task<bool> StreamedAnswer::write(std::string piece) {
    if (connection_.aborted_) co_return false;
    if (piece.empty() || is_bodyless()) co_return true;
    const std::string bytes = chunked_ ? chunk_of(piece) : std::move(piece);
    co_return co_await connection_.write_all(bytes);
}

Task<bool> StreamedAnswer::send(wire::Response answer) {
    begun_ = true;
    keep_ = co_await connection_.write_response(answer, head_, !body_.done());
    co_return keep_;
}

Task<bool> StreamedAnswer::finish() {
    if (chunked_ && !is_bodyless()) {
        const bool ended = co_await connection_.write_all("0\r\n\r\n");
        co_return ended&& keep_;
    }
    co_return keep_;
}

}  // namespace rag::http
