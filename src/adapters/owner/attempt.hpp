#pragma once

#include <optional>
#include <string>

#include "owner/gateway.hpp"

namespace rag::owner {

/// A request on its way to whoever owns the store, as often as it takes. It is sent again as long
/// as an owner says that it has not done it and soon could, or its successor (503 with `starting`,
/// `shutting_down` or `overloaded`). Any other 503, a search that took too long above all, would
/// end the same way again: it is the answer.
class Attempt {
public:
    virtual ~Attempt() = default;
    /// True: it is answered. False: it has been left undone. An error: the answer did not come.
    virtual Task<Result<bool>> ask_node(OwnedNode& node) = 0;
    virtual Task<Result<bool>> ask_owner(std::string socket_path) = 0;
    /// Whether all of the request is still there.
    virtual bool can_be_repeated() const = 0;
};

/// Of a request and an answer that are wholes. The body is shared with whoever handles it, so a
/// repetition copies none of it.
class WholeAttempt final : public Attempt {
public:
    WholeAttempt(wire::Request request, CallContext context);
    Task<Result<bool>> ask_node(OwnedNode& node) override;
    Task<Result<bool>> ask_owner(std::string socket_path) override;
    bool can_be_repeated() const override { return true; }
    /// The answer, or the last one that said that nothing was done; nullopt: none came.
    std::optional<wire::Response> take_answer() { return std::move(answer_); }

private:
    bool keep(wire::Response answer);

    const wire::Request request_;
    const CallContext context_;
    std::optional<wire::Response> answer_;
};

/// Of streams. It can be repeated until something of the body was taken: who takes it is ready.
class StreamAttempt final : public Attempt {
public:
    struct Ends {
        wire::BodySource& body;
        wire::AnswerSink& answers;
        std::chrono::milliseconds stall_timeout;
    };

    StreamAttempt(wire::Request head, CallContext context, Ends ends);
    Task<Result<bool>> ask_node(OwnedNode& node) override;
    Task<Result<bool>> ask_owner(std::string socket_path) override;
    bool can_be_repeated() const override { return !body_.taken() && !answers_.begun(); }
    /// Whether somebody took the answer to its end.
    bool is_heard() const { return heard_; }

private:
    /// Notes that something was taken.
    class Body final : public wire::BodySource {
    public:
        explicit Body(wire::BodySource& inner) : inner_(inner) {}
        Task<Result<bool>> read(std::string& buffer) override {
            taken_ = true;
            return inner_.read(buffer);
        }
        bool hold(std::size_t bytes) override { return inner_.hold(bytes); }
        bool taken() const { return taken_; }

    private:
        wire::BodySource& inner_;
        bool taken_ = false;
    };

    /// Keeps back an answer that says that nothing was done.
    class Answers final : public wire::AnswerSink {
    public:
        explicit Answers(wire::AnswerSink& inner) : inner_(inner) {}
        Task<bool> begin(wire::Response head) override;
        Task<bool> write(std::string piece) override { return inner_.write(std::move(piece)); }
        Task<bool> send(wire::Response answer) override;
        bool begun() const { return begun_; }
        /// Since it was last asked.
        bool take_left_undone() { return std::exchange(left_undone_, false); }

    private:
        wire::AnswerSink& inner_;
        bool begun_ = false;
        bool left_undone_ = false;
    };

    Result<bool> outcome(Result<bool> complete);

    const wire::Request head_;
    const CallContext context_;
    Body body_;
    Answers answers_;
    const std::chrono::milliseconds stall_timeout_;
    bool heard_ = false;
};

}  // namespace rag::owner
