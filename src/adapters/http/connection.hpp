#pragma once

#include <memory>
#include <string>

#include "admission.hpp"
#include "byte_stream.hpp"
#include "chunked_decoder.hpp"
#include "framing_gate.hpp"
#include "http/server.hpp"
#include "response_head.hpp"
#include "wire/stream.hpp"

namespace rag::http {

/// What the connections of a server share. One thread.
struct ServerState {
    Application& application;
    ServerLimits config;
    std::size_t inflight_bytes = 0;  // Of request bodies, those of streams included.
    std::size_t stream_bytes = 0;    // Of streams.
    bool draining = false;
};

/// Room for a body, taken from `inflight_bytes_max` and given back at the end. Streams may be long
/// and slow, so all of them together get half of it; the longest line fits in any case.
class BodyRoom {
public:
    enum class Kind : std::uint8_t { whole, stream };

    BodyRoom(ServerState& server, Kind kind) : server_(server), kind_(kind) {}
    ~BodyRoom() { resize(0); }
    BodyRoom(const BodyRoom&) = delete;
    BodyRoom& operator=(const BodyRoom&) = delete;
    /// Makes it `bytes` in all; false: there is no room for more, and nothing has changed.
    bool resize(std::size_t bytes);

private:
    std::size_t stream_bytes_max() const;

    ServerState& server_;
    const Kind kind_;
    std::size_t taken_ = 0;
};

/// One connection: reads requests, one after the other, and writes the answers in that order.
class Connection {
public:
    struct Options {
        wire::Origin origin = wire::Origin::network;
        bool probes_only = false;  // There are too many connections; only probes are answered.
    };

    Connection(
        std::unique_ptr<ByteStream> stream, std::shared_ptr<ServerState> server, Options options
    );

    /// Until the connection ends.
    Task<void> run();

    /// Closes it, unless a request is being worked on.
    void close_if_idle();
    /// Ends it now; a request being worked on is answered 503, from outside its own coroutine,
    /// which may be stuck.
    void abort();

private:
    friend class RequestBody;
    friend class StreamedAnswer;

    enum class Step : std::uint8_t { idle, busy, answering };
    using ReadResult = ByteStream::ReadResult;
    using TimePoint = ByteStream::TimePoint;

    Task<ReadResult> read_more(TimePoint until, std::size_t bytes_max) {
        return stream_->read(in_, bytes_max, until);
    }
    Task<bool> write_all(std::string_view bytes, std::string_view rest = {}) {
        return stream_->write(bytes, rest, server_->config.stall_timeout);
    }
    Task<bool> write_response(const wire::Response& response, const Head& head, bool close);
    /// nullopt: there is no further request.
    Task<std::optional<Head>> read_head();
    Task<void> reject(Rejection rejection, Sender sender);
    /// Refuses what the server has no room for; takes the room of what it has.
    void apply_limits(const Head& head, Admission& admission, BodyRoom& room) const;
    /// True: the next request may follow.
    Task<bool> serve(Head head);
    Task<bool> serve_streamed(
        const Head& head, Admission& admission, wire::Request request, BodyRoom& room
    );
    Task<bool> refuse_unread(const Head& head, wire::Response response);
    wire::Response left_undone();
    /// Lets what is still coming run into the void, so that the client gets to read our answer.
    Task<void> linger();
    void close() { stream_->close(); }

    std::unique_ptr<ByteStream> stream_;
    std::shared_ptr<ServerState> server_;
    Options options_;
    std::string in_;                  // Bytes read, from the first that nobody has taken.
    Sender sender_;                   // Of the request that is being worked on.
    Admission* admission_ = nullptr;  // Of the same, once it has one.
    Step step_ = Step::idle;
    bool aborted_ = false;
};

/// The body of the request that a connection is reading.
class RequestBody final : public wire::BodySource {
public:
    struct Limits {
        std::size_t bytes_max;  // Of the whole body.
        Deadline deadline;      // Of the whole body, beside the time without progress.
        /// What a body without a deadline has to bring, over all the time that we wait for it.
        std::size_t bytes_per_second_min = 0;
        bool stalls = true;  // Whether it ends when nothing comes for too long.
    };
    RequestBody(Connection& connection, const Head& head, Limits limits, BodyRoom& room);
    Task<Result<bool>> read(std::string& buffer) override;
    bool hold(std::size_t bytes) override;
    /// The whole rest, as far as there is room.
    Task<bool> read_all(std::string& body);
    /// Why `read` or `read_all` failed.
    const Rejection& rejection() const { return rejection_; }
    bool done() const { return done_; }

private:
    using Clock = std::chrono::steady_clock;

    Framed<void> decode(std::string& buffer);
    /// When the next bytes have to be there.
    Deadline patience() const;

    Connection& connection_;
    BodyRoom& room_;
    const bool chunked_;
    const Limits limits_;
    Clock::duration waited_{};
    std::uint64_t left_;  // Of a body with a length.
    std::uint64_t taken_ = 0;
    ChunkedDecoder decoder_;
    bool done_;
    Rejection rejection_;
};

/// An answer in pieces over a connection.
class StreamedAnswer final : public wire::AnswerSink {
public:
    StreamedAnswer(Connection& connection, const Head& head, const RequestBody& body)
        : connection_(connection), head_(head), body_(body) {}
    Task<bool> begin(wire::Response head) override;
    Task<bool> write(std::string piece) override;
    Task<bool> send(wire::Response answer) override;
    bool begun() const { return begun_; }
    /// The end of what `begin` has begun. True: the next request may follow.
    Task<bool> finish();

private:
    bool is_bodyless() const;

    Connection& connection_;
    const Head& head_;
    const RequestBody& body_;
    bool begun_ = false;
    bool chunked_ = false;
    bool keep_ = false;
};

}  // namespace rag::http
