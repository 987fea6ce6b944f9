#include "batch_ingest.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <deque>
#include <limits>
#include <optional>

#include "application/event.hpp"
#include "parse_body.hpp"
#include "stream_room.hpp"
#include "wire/parse.hpp"
#include "wire/problem.hpp"
#include "wire/render.hpp"
#include "write_context.hpp"

namespace rag::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kLinesMax = 64;
/// Bytes of lines worked on at once; a single line may be as long as its limit.
constexpr std::size_t kBatchBytesMax = 32u << 20;
/// Some clients read no answer before they have sent everything; this many of theirs may wait.
constexpr std::size_t kUnreadAnswerBytesMax = 8u << 20;
constexpr std::size_t kAnswerPieceBytes = 64u << 10;

wire::Response lines_response() {
    wire::Response response;
    response.headers.push_back(wire::Header{"Content-Type", "application/x-ndjson"});
    return response;
}

std::int64_t read_first_line(std::string_view text) {
    std::int64_t first = 1;
    std::from_chars(text.data(), text.data() + text.size(), first);
    return std::max<std::int64_t>(first, 1);
}

}  // namespace

BatchIngest::Caller batch_caller(
    const wire::Request& head, const CallContext& context, std::chrono::milliseconds line_timeout
) {
    BatchIngest::Caller caller{.context = context, .forward_key = {}, .line_timeout = line_timeout};
    if (head.origin == wire::Origin::network) return caller;
    caller.forward_key = head.header(wire::kForwardKeyHeader);
    caller.first_line = read_first_line(head.header(wire::kFirstLineHeader));
    caller.goes_on = !caller.forward_key.empty();
    return caller;
}

/// Shared with the lines' coroutines. One thread: what changes is told by `changed`.
struct BatchIngest::State : std::enable_shared_from_this<State> {
    explicit State(Caller from) : caller(std::move(from)) {}

    void notify() {
        ++changes;
        changed.notify();
    }
    /// Nothing more needs to be read.
    bool over() const { return peer_gone || is_left_undone(); }
    bool is_left_undone() const { return first_undone != std::numeric_limits<std::size_t>::max(); }
    /// Whether the next answer to send is there.
    bool has_answer() const {
        return !answers.empty() && answers.front() && answers_sent < first_undone;
    }
    /// No answer is sent any more, and nothing uses what was given to `run`.
    bool is_done() const {
        const bool sent = answers.empty() || answers_sent >= first_undone;
        return input_ended && sent && lines_running == 0;
    }
    /// Bytes of the body that are kept.
    std::size_t held() const { return line_bytes + begun_line_bytes + kStreamReadBytes; }
    /// For the next change. Whatever is waited for ends by the deadlines of lines and body.
    Task<void> wait() {
        std::function<bool()> changed_since = [this, seen = changes] { return changes != seen; };
        co_await changed.wait_until(std::move(changed_since), Deadline::max());
    }

    Event changed;
    std::uint64_t changes = 0;
    Caller caller;
    std::deque<std::optional<std::string>> answers;  // In order; nullopt: still being worked on.
    std::size_t answers_sent = 0;                    // Those before the first of `answers`.
    std::size_t lines_running = 0;
    std::size_t line_bytes = 0;  // Of the running ones.
    std::size_t begun_line_bytes = 0;
    std::size_t unread_bytes = 0;  // Of answers that are ready.
    bool input_ended = false;
    bool peer_gone = false;
    /// The first line that was left undone; nothing is answered from there on.
    std::size_t first_undone = std::numeric_limits<std::size_t>::max();
    bool broken = false;  // The body could not be read to its end.
};

Task<bool> BatchIngest::run(wire::BodySource& body, wire::AnswerSink& answers, Caller caller) {
    using namespace asio::experimental::awaitable_operators;
    const auto state = std::make_shared<State>(std::move(caller));
    co_await (read_lines(*state, body) && write_answers(*state, body, answers));

    if (state->broken || state->over()) co_return false;
    if (state->answers_sent > 0) co_return true;
    wire::Response empty = lines_response();
    co_return co_await answers.send(std::move(empty));
}

Task<void> BatchIngest::read_lines(State& state, wire::BodySource& body) {
    LineSplitter splitter(line_bytes_max_, state.caller.first_line);
    std::string buffer;
    while (!state.over()) {
        state.begun_line_bytes = splitter.held_bytes();
        co_await take_room(state, body);
        if (state.broken) break;
        buffer.clear();
        Result<bool> more = co_await body.read(buffer);
        state.broken = !more;
        if (!more || !*more) break;

        std::string_view rest = buffer;
        while (std::optional<LineSplitter::Line> line = splitter.next(rest)) {
            co_await start_line(state, std::move(*line));
        }
    }
    // What is there of a line whose end never came is no line.
    if (!state.broken && !state.over()) {
        std::optional<LineSplitter::Line> last = splitter.finish();
        if (last) co_await start_line(state, std::move(*last));
    }
    state.input_ended = true;
    state.notify();
}

Task<void> BatchIngest::take_room(State& state, wire::BodySource& body) {
    // Room comes from lines of our own that end. It must not be waited for with none: others may
    // wait for ours.
    while (!body.hold(state.held()) && !state.broken) {
        if (state.lines_running > 0) {
            co_await state.wait();
        } else {
            state.broken = true;
        }
    }
}

Task<void> BatchIngest::start_line(State& state, LineSplitter::Line line) {
    const auto is_full = [&state, &line] {
        const bool bytes_full =
            state.lines_running > 0 && state.line_bytes + line.text.size() > kBatchBytesMax;
        return state.lines_running >= kLinesMax || bytes_full ||
               state.unread_bytes > kUnreadAnswerBytesMax;
    };
    while (is_full() && !state.over()) co_await state.wait();
    if (state.over()) co_return;

    const std::size_t slot = state.answers_sent + state.answers.size();
    state.answers.emplace_back();
    ++state.lines_running;
    state.line_bytes += line.text.size();
    const auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(
        executor, answer_line(state.shared_from_this(), std::move(line), slot), asio::detached
    );
}

Task<void> BatchIngest::answer_line(
    std::shared_ptr<State> state, LineSplitter::Line line, std::size_t slot
) {
    const std::int64_t number = line.number;
    const std::size_t bytes = line.text.size();
    std::string text;
    try {
        Result<std::string> answer = co_await ingest_line(state, std::move(line));
        if (!answer && state->caller.goes_on && use_cases_.health.is_draining() &&
            answer.error().code == ErrorCode::unavailable) {
            state->first_undone = std::min(state->first_undone, slot);
        }
        text = answer ? wire::batch_line(number, *answer)
                      : wire::batch_line_error(number, answer.error());
    } catch (const std::exception&) {
        // As everywhere, a fault of ours ends in an answer; the next line is another matter.
        const Error error{ErrorCode::internal, "The line could not be handled.", {}};
        text = wire::batch_line_error(number, error);
    }
    state->unread_bytes += text.size();
    state->answers[slot - state->answers_sent] = std::move(text);
    --state->lines_running;
    state->line_bytes -= bytes;
    state->notify();
}

Task<Result<std::string>> BatchIngest::ingest_line(
    std::shared_ptr<State> state, LineSplitter::Line line
) {
    if (line.too_long) {
        co_return fail(
            ErrorCode::too_large,
            "the line is longer than MAX_BODY_BYTES, " + std::to_string(line_bytes_max_) + " bytes"
        );
    }
    CallContext context = state->caller.context;
    context.deadline = std::min<Deadline>(
        context.deadline, std::chrono::steady_clock::now() + state->caller.line_timeout
    );
    const IngestRequest& request = state->caller.request;
    const wire::ReadingRules rules{&use_cases_.default_zone, request.on_invalid};
    auto parse = [rules](std::string_view body) { return wire::parse_conversation(body, rules); };
    ParsedBody<wire::SentConversation> parsed =
        co_await parse_body<wire::SentConversation>(pool_, std::move(line.text), parse, context);
    if (!parsed.value) co_return tl::unexpected<Error>(std::move(parsed.value.error()));
    Result<IfExists> if_exists = settled(request, parsed.value->wishes);
    if (!if_exists) co_return tl::unexpected<Error>(std::move(if_exists.error()));

    WriteContext write;
    write.request_digest = parsed.digest;
    if (!state->caller.forward_key.empty()) {
        std::string key = state->caller.forward_key + ":" + std::to_string(line.number);
        write.keys.push_back(WriteKey{WriteKey::Scope::forward, std::move(key)});
    }
    Result<void> added = add_body_key(write.keys, parsed.value->wishes.idempotency_key);
    if (!added) co_return tl::unexpected<Error>(std::move(added.error()));
    Result<WriteAnswer> answer = co_await use_cases_.ingest.run(
        std::move(parsed.value->conversation), std::move(write), std::move(context), *if_exists
    );
    if (!answer) co_return tl::unexpected<Error>(as_sent(answer.error(), parsed.value->names));
    co_return wire::render_write(*answer, wire::batch_line_answer, parsed.value->notes).body;
}

Task<void> BatchIngest::write_answers(
    State& state, wire::BodySource& body, wire::AnswerSink& answers
) {
    while (true) {
        // Gives back the room of lines that have ended.
        body.hold(state.held());
        std::string piece;
        const bool begun = state.answers_sent > 0;
        while (state.has_answer() && piece.size() < kAnswerPieceBytes) {
            piece += *state.answers.front();
            state.answers.pop_front();
            ++state.answers_sent;
        }
        if (piece.empty()) {
            if (state.is_done()) co_return;
            co_await state.wait();
            continue;
        }
        if (!begun && !state.peer_gone) {
            wire::Response head = lines_response();
            state.peer_gone = !co_await answers.begin(std::move(head));
        }
        const std::size_t size = piece.size();
        if (!state.peer_gone) state.peer_gone = !co_await answers.write(std::move(piece));
        state.unread_bytes -= size;
        state.notify();
    }
}

}  // namespace rag::http
