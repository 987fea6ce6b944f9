#include "infrastructure/pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "infrastructure/thread_name.hpp"

namespace rag {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kStuckAfter = std::chrono::seconds(30);

}  // namespace

class BoundedPool::State {
public:
    State(PoolOptions options, Deadlines& deadlines)
        : options_(std::move(options)), alarm_(deadlines, [this] { expire(); }) {
        started_.resize(options_.threads);
        for (std::size_t worker = 0; worker < options_.threads; ++worker) {
            threads_.emplace_back([this, worker] { work(worker); });
        }
    }

    std::optional<Error> submit(std::unique_ptr<PoolJob>& job, Deadline deadline) {
        const std::lock_guard lock(mutex_);
        if (stopping_) return Error{ErrorCode::unavailable, "The server is stopping.", {}};
        if (deadline <= Clock::now()) return late();
        if (queue_.size() >= options_.queue_max) {
            return Error{ErrorCode::overloaded, "The server is busy: its queue is full.", {}};
        }
        queue_.push_back(Waiting{std::move(job), deadline});
        work_wanted_.notify_one();
        // A job that is taken leaves the alarm as it is: most deadlines come one after the other.
        if (deadline < next_expiry_) set_alarm(deadline);
        return std::nullopt;
    }

    void stop() {
        std::deque<Waiting> dropped;
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            dropped.swap(queue_);
            work_wanted_.notify_all();
        }
        for (Waiting& waiting : dropped) {
            waiting.job->refuse(Error{ErrorCode::unavailable, "The server is stopping.", {}});
        }
        for (std::thread& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
    }

    std::size_t threads() const { return options_.threads; }

    std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return queue_.size();
    }

    std::size_t running() const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::ranges::count_if(started_, [](const auto& start) {
            return start.has_value();
        }));
    }

    Clock::duration longest_running() const {
        const std::lock_guard lock(mutex_);
        Clock::duration longest{};
        for (const auto& start : started_) {
            if (start) longest = std::max(longest, Clock::now() - *start);
        }
        return longest;
    }

private:
    struct Waiting {
        std::unique_ptr<PoolJob> job;
        Deadline deadline;
    };

    static Error late() {
        return Error{ErrorCode::timeout, "The deadline passed before the work could start.", {}};
    }

    void work(std::size_t worker) {
        name_this_thread(options_.name);
        std::unique_lock lock(mutex_);
        while (true) {
            work_wanted_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            Waiting next = std::move(queue_.front());
            queue_.pop_front();
            started_[worker] = Clock::now();
            const bool expired = next.deadline <= *started_[worker];
            lock.unlock();

            if (expired) {
                next.job->refuse(late());
            } else {
                next.job->run();
            }
            next.job.reset();  // Frees its data before the job counts as done.

            lock.lock();
            started_[worker].reset();
        }
    }

    void set_alarm(Deadline when) {
        next_expiry_ = when;
        alarm_.set(when);
    }

    /// Refuses jobs that still wait at their deadline, when all workers are busy.
    void expire() {
        for (Waiting& waiting : take_expired()) waiting.job->refuse(late());
    }

    std::vector<Waiting> take_expired() {
        const std::lock_guard lock(mutex_);
        std::vector<Waiting> expired;
        Deadline next = Deadline::max();
        const Clock::time_point now = Clock::now();
        for (auto waiting = queue_.begin(); waiting != queue_.end();) {
            if (waiting->deadline > now) {
                next = std::min(next, waiting->deadline);
                ++waiting;
                continue;
            }
            expired.push_back(std::move(*waiting));
            waiting = queue_.erase(waiting);
        }
        set_alarm(next);
        return expired;
    }

    const PoolOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable work_wanted_;
    std::deque<Waiting> queue_;
    std::vector<std::optional<Clock::time_point>> started_;  // One a worker: its job's start.
    Deadline next_expiry_ = Deadline::max();                 // When the alarm rings.
    bool stopping_ = false;
    std::vector<std::thread> threads_;
    Alarm alarm_;  // Last: it uses all of the above.
};

BoundedPool::BoundedPool(PoolOptions options, Deadlines& deadlines)
    : state_(std::make_unique<State>(std::move(options), deadlines)) {}

BoundedPool::~BoundedPool() { stop(); }

std::optional<Error> BoundedPool::submit(std::unique_ptr<PoolJob>& job, Deadline deadline) {
    return state_->submit(job, deadline);
}

void BoundedPool::stop() { state_->stop(); }
std::size_t BoundedPool::threads() const { return state_->threads(); }
std::size_t BoundedPool::waiting() const { return state_->waiting(); }
std::size_t BoundedPool::running() const { return state_->running(); }

std::chrono::steady_clock::duration BoundedPool::longest_running() const {
    return state_->longest_running();
}

bool BoundedPool::stuck() const { return state_->longest_running() > kStuckAfter; }

}  // namespace rag
