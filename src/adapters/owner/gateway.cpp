#include "owner/gateway.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "encoding/json.hpp"
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

/// Whether the owner has not done it and soon could, or its successor. Any other 503, a search that
/// took too long above all, would end the same way again: it is the answer.
bool asks_to_come_again(const wire::Response& response) {
    if (response.status != 503) return false;
    const Result<encoding::Value> problem = encoding::parse_json(response.body);
    const encoding::Value* member = problem ? problem->find("code") : nullptr;
    const std::string* code = member == nullptr ? nullptr : member->string();
    return code != nullptr &&
           (*code == "starting" || *code == "shutting_down" || *code == "overloaded");
}

/// Whether the owner may be gone, so that its successor is to be asked.
bool may_be_gone(const Error& error) {
    return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
}

}  // namespace

Gateway::Gateway(
    boost::asio::any_io_executor executor,
    const DataFolder& folder,
    Role role,
    NodeFactory factory,
    Telemetry& telemetry
)
    : executor_(std::move(executor)),
      folder_(folder),
      role_(role),
      factory_(std::move(factory)),
      telemetry_(telemetry),
      changed_(executor_) {
    changed_.expires_at(Deadline::max());
}

Gateway::~Gateway() = default;

void Gateway::set_state(State state) {
    state_ = state;
    changed_.cancel();
}

Task<void> Gateway::pause(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

Task<void> Gateway::wait_for_change() {
    // Every change cancels the timer, which never runs out. How long a change may take: see
    // `OwnedNode::close`.
    co_await changed_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
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
    Result<std::optional<FolderLock>> lock = folder_.try_lock(role_);
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
            const Result<wire::Response> answer =
                co_await exchange(folder_.socket_path(), std::move(request), deadline);
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

Task<wire::Response> Gateway::call_own_node(wire::Request request, CallContext context) {
    request.origin = wire::Origin::in_process;
    return node_->handle(std::move(request), std::move(context));
}

Task<wire::Response> Gateway::call(wire::Request request, CallContext context) {
    if (is_write(request) && request.header(wire::kForwardKeyHeader).empty()) {
        request.headers.push_back({std::string(wire::kForwardKeyHeader), encoding::random_id()});
    }
    std::chrono::milliseconds retry = kRetryFirst;
    const wire::ProblemPlace place{request.target, context.trace.id};
    std::optional<wire::Response> last;
    while (std::chrono::steady_clock::now() < context.deadline) {
        if (state_ == State::closed) break;
        if (state_ == State::changing) {
            co_await wait_for_change();
            continue;
        }
        if (state_ == State::owner) co_return co_await call_own_node(request, context);

        Result<wire::Response> answer =
            co_await exchange(folder_.socket_path(), request, context.deadline);
        if (answer && !asks_to_come_again(*answer)) co_return std::move(*answer);
        if (answer) last = std::move(*answer);
        if (!answer) {
            if (!may_be_gone(answer.error())) {
                co_return wire::problem_response(answer.error(), place);
            }
            const Result<bool> owner = co_await try_become_owner();
            if (!owner) {
                // Whatever its code is, it is no fault of the request.
                const Error error{ErrorCode::internal, owner.error().message, {}};
                co_return wire::problem_response(error, place);
            }
            if (*owner) continue;
        }
        co_await pause(retry);
        retry = std::min(retry * 2, std::chrono::milliseconds(kRetryMost));
    }
    if (last) co_return std::move(*last);
    const Error error{
        ErrorCode::unavailable, "nobody owns the store, or its owner does not answer", {}};
    co_return wire::problem_response(error, place);
}

Task<void> Gateway::follow() {
    std::chrono::milliseconds retry = kRetryFirst;
    bool failed = false;
    while (state_ != State::closed) {
        if (state_ != State::client) {
            co_await wait_for_change();
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
    if (role_ == Role::serve) {
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
    while (state_ == State::changing) co_await wait_for_change();
    if (state_ == State::owner) {
        co_await leave(State::closed);
    } else {
        set_state(State::closed);
    }
    serve_lock_.reset();
}

}  // namespace rag::owner
