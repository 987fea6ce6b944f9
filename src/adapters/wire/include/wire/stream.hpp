#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/error.hpp"
#include "wire/message.hpp"

/// Bodies and answers that go piece by piece, whatever carries them: a connection, the owner's
/// socket, a call within the process. Both are used on the thread of the coroutine that answers,
/// and outlive it; of each one call is under way at a time.
namespace rag::wire {

/// A body that is still coming.
class BodySource {
public:
    virtual ~BodySource() = default;
    /// Adds the next bytes to `buffer`; false: the body has ended. An error is final. A read that
    /// waits can be cancelled (asio's cancellation); nothing is read after that.
    virtual Task<Result<bool>> read(std::string& buffer) = 0;
    /// Takes room for that many bytes of the body, in place of what was held before; whoever keeps
    /// what `read` gave says so. False: there is no room for more now.
    virtual bool hold(std::size_t bytes) = 0;
};

/// An answer that goes out in pieces. The first call sends the header, so a failure before it can
/// still be an answer of its own.
class AnswerSink {
public:
    virtual ~AnswerSink() = default;
    /// False: nobody reads any more.
    virtual Task<bool> begin(Response head) = 0;
    virtual Task<bool> write(std::string piece) = 0;
    /// Sends a whole answer, in place of `begin` and `write`.
    virtual Task<bool> send(Response answer) = 0;
};

/// Answers one request piece by piece. False: body or answer could not be brought to their end;
/// then an answer that has begun stays without its end.
using StreamHandler = std::function<Task<bool>(Request, CallContext, BodySource&, AnswerSink&)>;

/// A body that is there already.
class StringSource final : public BodySource {
public:
    explicit StringSource(Body body) : body_(std::move(body)) {}
    Task<Result<bool>> read(std::string& buffer) override {
        if (body_.empty()) co_return false;
        buffer += body_.text();
        body_ = {};
        co_return true;
    }
    bool hold(std::size_t) override { return true; }  // The caller has it all already.

private:
    Body body_;
};

/// An answer that is wanted as a whole.
class StringSink final : public AnswerSink {
public:
    Task<bool> begin(Response head) override { return send(std::move(head)); }
    Task<bool> write(std::string piece) override {
        answer_.body += piece;
        co_return true;
    }
    Task<bool> send(Response answer) override {
        answer_ = std::move(answer);
        co_return true;
    }
    Response take() { return std::move(answer_); }

private:
    Response answer_;
};

}  // namespace rag::wire
