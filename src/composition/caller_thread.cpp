#include "composition/caller_thread.hpp"

#include <atomic>
#include <utility>

namespace rag::composition {

void CallerThread::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        posted_.wait(lock, [this] { return finished_ || !jobs_.empty(); });
        if (finished_) return;
        const std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        lock.lock();
    }
}

void CallerThread::finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    posted_.notify_one();
}

void CallerThread::post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    posted_.notify_one();
}

Task<void> CallerStream::have_done(std::function<void()> job) {
    // Shared, because the job may be run after this wait was given up.
    const auto done = std::make_shared<std::atomic<bool>>(false);
    std::function<void()> whole = [job = std::move(job), done, thread = thread_.get()] {
        job();
        *done = true;
        thread->changed().notify();
    };
    thread_->post(std::move(whole));
    std::function<bool()> is_done = [done] { return done->load(); };
    co_await thread_->changed().wait_until(std::move(is_done), Deadline::max());
}

Task<Result<bool>> CallerStream::read(std::string& buffer) {
    struct Made {
        std::string bytes;
        cli::StreamedCall::Next next = cli::StreamedCall::Next::end;
    };
    while (true) {
        const std::size_t taken = pieces_taken_;
        const auto made = std::make_shared<Made>();
        std::function<void()> make = [made, &call = thread_->call()] {
            made->next = call.next(made->bytes);
        };
        co_await have_done(std::move(make));
        buffer += made->bytes;
        if (made->next == cli::StreamedCall::Next::bytes) co_return true;
        if (made->next == cli::StreamedCall::Next::end) co_return !made->bytes.empty();
        std::function<bool()> more_taken = [this, taken] { return pieces_taken_ != taken; };
        co_await thread_->changed().wait_until(std::move(more_taken), Deadline::max());
    }
}

Task<bool> CallerStream::begin(wire::Response head) {
    answer_ = std::move(head);
    co_return true;
}

Task<bool> CallerStream::write(std::string piece) {
    std::function<void()> take = [piece = std::move(piece), &call = thread_->call()] {
        call.take(piece);
    };
    co_await have_done(std::move(take));
    ++pieces_taken_;
    thread_->changed().notify();
    co_return true;
}

Task<bool> CallerStream::send(wire::Response answer) {
    const bool success = answer.status >= 200 && answer.status < 300;
    std::string body;
    if (success) body.swap(answer.body);
    answer_ = std::move(answer);
    if (body.empty()) co_return true;
    co_return co_await write(std::move(body));
}

}  // namespace rag::composition
