#include "owner/gateway.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "attempt.hpp"
#include "encoding/random_id.hpp"
#include "exchange.hpp"
#include "wire/problem.hpp"

namespace rag::owner {

namespace {

using namespace std::chrono_literals;

constexpr auto kServeLockPatience = 200ms;  // Others probe that lock for moments.
constexpr auto kYieldAfterHandOver = 3s;
constexpr auto kRetryFirst = 10ms;
constexpr auto kRetryMost = 250ms;
constexpr auto kRetryFailedMost = 5s;

bool is_write(const wire::Request& request) {
    return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

/// Each repetition carries the same key, so nothing is done twice.
void add_forward_key(wire::Request& request) {
    if (!is_write(request) || !request.header(wire::kForwardKeyHeader).empty()) return;
    request.headers.push_back({std::string(wire::kForwardKeyHeader), encoding::random_id()});
}

}  // namespace

Gateway::Gateway(
    boost::asio::any_io_executor executor,
    const DataFolder& folder,
    GatewayOptions options,
    NodeFactory factory,
    Telemetry& telemetry
)
    : executor_(std::move(executor)),
      folder_(folder),
      options_(options),
      factory_(std::move(factory)),
      telemetry_(telemetry) {}

Gateway::~Gateway() = default;

void Gateway::set_state(State state) {
    state_ = state;
    state_changed_.notify();
}

Task<void> Gateway::pause(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

Task<void> Gateway::wait_until_changed(Deadline deadline) {
    std::function<bool()> changed = [this] { return state_ != State::changing; };
    co_await state_changed_.wait_until(std::move(changed), deadline);
}

Result<void> Gateway::start_node(FolderLock lock) {
    Result<Descriptor> socket = folder_.listen();
    if (!socket) return tl::unexpected(socket.error());
    wire::Handler hand_over_handler = [this](wire::Request request, CallContext context) {
        return answer_hand_over(std::move(request), std::move(context));
    };
    Result<std::unique_ptr<OwnedNode>> node =
        factory_(std::move(*socket), std::move(hand_over_handler));
    if (!node) return tl::unexpected(node.error());
    lock_ = std::move(lock);
    node_ = std::move(*node);
    set_state(State::owner);
    return {};
}

Task<Result<bool>> Gateway::try_become_owner() {
    if (state_ != State::client || std::chrono::steady_clock::now() < yield_until_) co_return false;
    Result<std::optional<FolderLock>> lock = folder_.try_lock(options_.role);
    if (!lock) co_return tl::unexpected(lock.error());
    if (!*lock) co_return false;
    if (Result<void> started = start_node(std::move(**lock)); !started) {
        co_return tl::unexpected(started.error());
    }
    co_return true;
}

Task<Result<FolderLock>> Gateway::take_from_owner(Deadline deadline) {
    bool asked = false;
    for (;;) {
        Result<std::optional<FolderLock>> lock = folder_.try_lock(Role::serve);
        if (!lock) co_return tl::unexpected(lock.error());
        if (*lock) co_return std::move(**lock);
        if (std::chrono::steady_clock::now() >= deadline) {
            const std::optional<OwnerInfo> owner = folder_.owner();
            const std::string pid = owner ? " (pid " + std::to_string(owner->pid) + ")" : "";
            co_return fail(
                ErrorCode::timeout,
                "the process that owns the data folder" + pid + " does not let go of it"
            );
        }
        if (!asked) {
            wire::Request request;
            request.method = "POST";
            request.target = kHandOverTarget;
            const CallContext context = CallContext::of_default_tenant(deadline);
            const Result<wire::Response> answer =
                co_await exchange(folder_.socket_path(), std::move(request), context);
            asked = answer && answer->status == 202;
        }
        co_await pause(kRetryFirst);
    }
}

Task<Result<void>> Gateway::own(Deadline deadline) {
    const Deadline patience = std::chrono::steady_clock::now() + kServeLockPatience;
    for (;;) {
        Result<std::optional<FolderLock>> lock = folder_.try_lock_for_serve();
        if (!lock) co_return tl::unexpected(lock.error());
        if (*lock) {
            serve_lock_ = std::move(**lock);
            break;
        }
        if (std::chrono::steady_clock::now() >= patience) {
            const std::optional<OwnerInfo> server = folder_.server();
            co_return fail(
                ErrorCode::conflict,
                "another server (pid " + (server ? std::to_string(server->pid) : "unknown") +
                    ") serves this data folder; stop it first, or choose another DATA_DIR"
            );
        }
        co_await pause(kRetryFirst);
    }
    Result<FolderLock> lock = co_await take_from_owner(deadline);
    if (!lock) co_return tl::unexpected(lock.error());
    co_return start_node(std::move(*lock));
}

Task<Result<void>> Gateway::carry(Attempt& attempt, Deadline deadline) {
    std::chrono::milliseconds retry = kRetryFirst;
    while (std::chrono::steady_clock::now() < deadline && state_ != State::closed) {
        if (state_ == State::changing) {
            co_await wait_until_changed(deadline);
            continue;
        }
        Result<bool> answered = false;
        if (state_ == State::owner) {
            answered = co_await attempt.ask_node(*node_);
        } else {
            answered = co_await attempt.ask_owner(folder_.socket_path());
        }
        if (answered && *answered) co_return Result<void>();
        if (!answered) {
            // An owner that may be gone has a successor.
            const bool gone = answered.error().code == ErrorCode::unavailable ||
                              answered.error().code == ErrorCode::timeout;
            if (!gone || !attempt.can_be_repeated()) {
                co_return tl::unexpected<Error>(std::move(answered.error()));
            }
            const Result<bool> owner = co_await try_become_owner();
            // Whatever its code is, it is no fault of the request.
            if (!owner) co_return fail(ErrorCode::internal, owner.error().message);
            if (*owner) continue;
        }
        co_await pause(retry);
        retry = std::min(retry * 2, std::chrono::milliseconds(kRetryMost));
    }
    co_return fail(ErrorCode::unavailable, "nobody owns the store, or its owner does not answer");
}

Task<wire::Response> Gateway::call(wire::Request request, CallContext context) {
    add_forward_key(request);
    const wire::ProblemPlace place{request.target, context.trace.id};
    const Deadline deadline = context.deadline;
    WholeAttempt attempt(std::move(request), std::move(context));
    Result<void> done = co_await carry(attempt, deadline);
    std::optional<wire::Response> answer = attempt.take_answer();
    // Where nobody did it in time, the last owner that was asked has said why.
    const bool said = done || done.error().code == ErrorCode::unavailable;
    if (answer && said) co_return std::move(*answer);
    co_return wire::problem_response(done.error(), place);
}

Task<Result<bool>> Gateway::stream(
    wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
) {
    add_forward_key(head);
    // Until somebody takes it; then it may stand as long as it goes on.
    const Deadline deadline = std::min<Deadline>(
        context.deadline, std::chrono::steady_clock::now() + options_.stall_timeout
    );
    StreamAttempt attempt(
        std::move(head), std::move(context), {body, answers, options_.stall_timeout}
    );
    Result<void> done = co_await carry(attempt, deadline);
    if (!done) co_return tl::unexpected<Error>(std::move(done.error()));
    co_return attempt.is_heard();
}

Task<void> Gateway::follow() {
    std::chrono::milliseconds retry = kRetryFirst;
    bool failed = false;
    while (state_ != State::closed) {
        if (state_ != State::client) {
            std::function<bool()> other = [this] {
                return state_ == State::client || state_ == State::closed;
            };
            co_await state_changed_.wait_until(std::move(other), Deadline::max());
            continue;
        }
        const Result<bool> owner = co_await try_become_owner();
        if (!owner && !std::exchange(failed, true)) log_failure(owner.error());
        if (owner) {
            failed = false;
            retry = kRetryFirst;
            if (!*owner) co_await wait_until_gone(folder_.socket_path());
        }
        co_await pause(retry);
        // What is missing, a model for one, may be there some day.
        if (failed) retry = std::min(retry * 2, std::chrono::milliseconds(kRetryFailedMost));
    }
}

void Gateway::log_failure(const Error& error) {
    const LogField fields[] = {{"error", std::string_view(error.message)}};
    telemetry_.log(LogLevel::error, "app.owner", "Cannot take over the store", {}, fields);
}

Task<wire::Response> Gateway::answer_hand_over(wire::Request request, CallContext context) {
    if (options_.role == Role::serve) {
        const Error error{ErrorCode::conflict, "a server does not hand over; stop it instead", {}};
        co_return wire::problem_response(error, {request.target, context.trace.id});
    }
    // The answer goes out before the node closes: closing waits for what is in flight.
    boost::asio::co_spawn(executor_, hand_over(), boost::asio::detached);
    wire::Response response;
    response.status = 202;
    co_return response;
}

Task<void> Gateway::hand_over() {
    if (state_ != State::owner) co_return;
    yield_until_ = std::chrono::steady_clock::now() + kYieldAfterHandOver;
    co_await leave(State::client);
}

Task<void> Gateway::leave(State next) {
    set_state(State::changing);
    co_await node_->close();
    node_.reset();
    lock_.reset();
    set_state(next);
}

Task<void> Gateway::close() {
    // How long a change may take: see `OwnedNode::close`.
    co_await wait_until_changed(Deadline::max());
    if (state_ == State::owner) {
        co_await leave(State::closed);
    } else {
        set_state(State::closed);
    }
    serve_lock_.reset();
}

}  // namespace rag::owner
