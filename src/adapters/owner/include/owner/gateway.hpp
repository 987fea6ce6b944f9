#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "application/event.hpp"
#include "application/ports/telemetry.hpp"
#include "owner/data_folder.hpp"
#include "wire/stream.hpp"

namespace rag::owner {

/// The store and all that answers from it, as long as this process owns it.
class OwnedNode {
public:
    virtual ~OwnedNode() = default;
    /// Answers a request of this process, once the store is open and the model is there.
    virtual Task<wire::Response> handle(wire::Request request, CallContext context) = 0;
    /// The same piece by piece. Nothing of the body is read before the request is admitted. False:
    /// body or answer broke off, because the node closes for one.
    virtual Task<bool> stream(
        wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
    ) = 0;
    /// Takes nothing new, finishes what runs, closes the store. A hand-over takes 2 s where what
    /// runs ends by then; after 4 s every client has an answer, but the store closes only when the
    /// last call that uses it has ended, at its deadline at the latest.
    virtual Task<void> close() = 0;
};

/// Makes the node of an owner; it takes over the listening Unix socket and answers
/// `kHandOverTarget` on it by `hand_over`, for requests of the owner's socket only.
using NodeFactory = std::function<
    Result<std::unique_ptr<OwnedNode>>(Descriptor listening_socket, wire::Handler hand_over)>;

inline constexpr const char* kHandOverTarget = "/owner/handover";

class Attempt;

/// How a process stands to the data folder.
struct GatewayOptions {
    Role role = Role::command;
    /// How long an owner may do nothing for a stream that it is waited for.
    std::chrono::milliseconds stall_timeout = std::chrono::minutes(5);
};

/// The way of a process to the store: it is the owner itself, or asks the owner. When the owner
/// goes, the first to notice takes its place; calls made meanwhile wait and are repeated, with a
/// key, so that no write is done twice. Everything runs on one executor with one thread.
class Gateway {
public:
    Gateway(
        boost::asio::any_io_executor executor,
        const DataFolder& folder,
        GatewayOptions options,
        NodeFactory factory,
        Telemetry& telemetry
    );
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    /// For a `serve`: becomes the owner, asking one that is no `serve` to hand over. `conflict`:
    /// another `serve` is there (its pid is in the message). `timeout`: the owner did not let go.
    Task<Result<void>> own(Deadline deadline);

    /// Answers a request, as the owner or by the owner. Waits while neither is there, until the
    /// context's deadline; then a 503. 500: this process should be the owner, and cannot.
    Task<wire::Response> call(wire::Request request, CallContext context);

    /// The same for a request whose body or answer is a stream. Repeated as `call` is as long as
    /// nothing of the body was taken; the owner takes it only once it is ready. `unavailable` or
    /// `timeout` later on: it broke off; what was answered is done, the rest may be, and the caller
    /// may send it again, under the same keys. Other errors are the body's own.
    /// False: nobody takes the answer any more.
    Task<Result<bool>> stream(
        wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
    );

    /// Watches the owner and takes its place as soon as it goes, even if nobody calls. A failure to
    /// do so is logged once and tried again, after up to 5 s. Returns after `close`.
    Task<void> follow();

    /// Closes the store, if it is ours, and lets go.
    Task<void> close();

private:
    enum class State : std::uint8_t { client, changing, owner, closed };

    Task<Result<bool>> try_become_owner();
    Task<Result<FolderLock>> take_from_owner(Deadline deadline);
    Task<void> hand_over();
    Task<wire::Response> answer_hand_over(wire::Request request, CallContext context);
    /// Until it is answered, by whoever is the owner then. Errors as of `stream`.
    Task<Result<void>> carry(Attempt& attempt, Deadline deadline);
    Task<void> pause(std::chrono::milliseconds time);
    Task<void> wait_until_changed(Deadline deadline);
    Task<void> leave(State next);
    void set_state(State state);
    void log_failure(const Error& error);
    Result<void> start_node(FolderLock lock);

    boost::asio::any_io_executor executor_;
    const DataFolder& folder_;
    GatewayOptions options_;
    NodeFactory factory_;
    Telemetry& telemetry_;
    State state_ = State::client;
    Event state_changed_;
    std::optional<FolderLock> serve_lock_;
    std::optional<FolderLock> lock_;
    std::unique_ptr<OwnedNode> node_;
    Deadline yield_until_{};  // After a hand-over the new owner goes first.
};

}  // namespace rag::owner
