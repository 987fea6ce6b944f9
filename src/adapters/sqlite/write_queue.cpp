#include "write_queue.hpp"

#include <algorithm>
#include <utility>

namespace rag::sqlite {

WriteQueue::WriteQueue(WriteQueueLimits limits) : limits_(limits), expiry_([this] { expire(); }) {}

WriteQueue::~WriteQueue() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        stopping_ = true;
        deadlines_changed_.notify_all();
        arrived_.notify_all();
    }
    expiry_.join();
    for (std::unique_ptr<WriteJob>& job : jobs_) {
        job->refuse({ErrorCode::unavailable, "The store is being closed.", {}});
    }
}

std::optional<Error> WriteQueue::push(std::unique_ptr<WriteJob>& job) {
    const std::lock_guard lock(mutex_);
    if (closed_) return Error{ErrorCode::unavailable, "The store is being closed.", {}};
    if (job->deadline() <= std::chrono::steady_clock::now()) {
        return Error{ErrorCode::timeout, "The deadline has passed; nothing was written.", {}};
    }
    const bool room =
        jobs_.size() < limits_.count_max && bytes_ + job->bytes() <= limits_.bytes_max;
    // One that is larger than all the room there is gets in alone, or it never would.
    if (!room && !jobs_.empty()) {
        return Error{ErrorCode::overloaded, "Too many writes are waiting.", {}};
    }
    bytes_ += job->bytes();
    jobs_.push_back(std::move(job));
    arrived_.notify_one();
    deadlines_changed_.notify_one();
    return std::nullopt;
}

WriteGroup WriteQueue::take(const WriteQueueLimits& at_most, std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, wait, [this] { return closed_ || !jobs_.empty(); });
    WriteGroup group;
    std::size_t bytes = 0;
    while (!jobs_.empty() && group.size() < at_most.count_max) {
        const std::size_t more = jobs_.front()->bytes();
        if (!group.empty() && bytes + more > at_most.bytes_max) break;
        bytes += more;
        bytes_ -= more;
        group.push_back(std::move(jobs_.front()));
        jobs_.pop_front();
    }
    return group;
}

void WriteQueue::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
}

bool WriteQueue::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

bool WriteQueue::wait_closed(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, wait, [this] { return closed_; });
}

std::size_t WriteQueue::waiting() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
}

void WriteQueue::expire() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        Deadline next = Deadline::max();
        for (const auto& job : jobs_) next = std::min(next, job->deadline());
        // Some implementations overflow on the end of time.
        if (next == Deadline::max()) {
            deadlines_changed_.wait(lock);
        } else {
            deadlines_changed_.wait_until(lock, next);
        }
        const auto now = std::chrono::steady_clock::now();
        const auto late = std::stable_partition(jobs_.begin(), jobs_.end(), [&](const auto& job) {
            return job->deadline() > now;
        });
        for (auto job = late; job != jobs_.end(); ++job) {
            bytes_ -= (*job)->bytes();
            (*job)->refuse({ErrorCode::timeout, "The write did not get its turn in time.", {}});
        }
        jobs_.erase(late, jobs_.end());
    }
}

}  // namespace rag::sqlite
