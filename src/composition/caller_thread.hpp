#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "application/event.hpp"
#include "cli/api_client.hpp"
#include "wire/stream.hpp"

namespace rag::composition {

/// The thread of a command that waits for a streamed call: it makes the pieces of the body and
/// takes those of the answer itself, when the call's coroutine asks it to. Shared with that
/// coroutine.
class CallerThread {
public:
    explicit CallerThread(cli::StreamedCall& call) : call_(call) {}

    /// Runs what is posted until `finish`. On the caller's thread.
    void run();
    void finish();

    // For the coroutine:
    void post(std::function<void()> job);
    cli::StreamedCall& call() { return call_; }
    /// Told when a piece has been made or taken.
    Event& changed() { return changed_; }

private:
    cli::StreamedCall& call_;
    Event changed_;
    std::mutex mutex_;
    std::condition_variable posted_;
    std::deque<std::function<void()>> jobs_;
    bool finished_ = false;
};

/// The body and the answer of a call, made and taken by the thread that waits for it.
class CallerStream final : public wire::BodySource, public wire::AnswerSink {
public:
    explicit CallerStream(std::shared_ptr<CallerThread> thread) : thread_(std::move(thread)) {}

    Task<Result<bool>> read(std::string& buffer) override;
    bool hold(std::size_t) override { return true; }  // The caller keeps what it made, bounded.

    Task<bool> begin(wire::Response head) override;
    Task<bool> write(std::string piece) override;
    Task<bool> send(wire::Response answer) override;

    /// Of a 2xx the head alone.
    wire::Response take_answer() { return std::move(answer_); }

private:
    /// Has it done on the caller's thread, and waits for it.
    Task<void> have_done(std::function<void()> job);

    std::shared_ptr<CallerThread> thread_;
    wire::Response answer_;
    std::size_t pieces_taken_ = 0;
};

}  // namespace rag::composition
