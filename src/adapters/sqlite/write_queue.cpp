#include "write_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rag::sqlite {

WriteQueue::WriteQueue(WriteQueueLimits limits, Deadlines& deadlines)
    : limits_(limits), alarm_(deadlines, [this] { expire(); }) {}

WriteQueue::~WriteQueue() {
    WriteGroup left;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        arrived_.notify_all();
        for (std::unique_ptr<WriteJob>& job : jobs_) left.push_back(std::move(job));
        jobs_.clear();
    }
    for (std::unique_ptr<WriteJob>& job : left) {
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
    const Deadline deadline = job->deadline();
    jobs_.push_back(std::move(job));
    arrived_.notify_one();
    // A job that is taken leaves the alarm as it is: most deadlines come one after the other.
    if (deadline < next_expiry_) set_alarm(deadline);
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

void WriteQueue::set_alarm(Deadline when) {
    next_expiry_ = when;
    alarm_.set(when);
}

void WriteQueue::expire() {
    for (std::unique_ptr<WriteJob>& job : take_expired()) {
        job->refuse({ErrorCode::timeout, "The write did not get its turn in time.", {}});
    }
}

WriteGroup WriteQueue::take_expired() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    const auto late = std::stable_partition(jobs_.begin(), jobs_.end(), [&](const auto& job) {
        return job->deadline() > now;
    });
    WriteGroup expired(std::make_move_iterator(late), std::make_move_iterator(jobs_.end()));
    jobs_.erase(late, jobs_.end());
    for (const auto& job : expired) bytes_ -= job->bytes();
    Deadline next = Deadline::max();
    for (const auto& job : jobs_) next = std::min(next, job->deadline());
    set_alarm(next);
    return expired;
}

}  // namespace rag::sqlite
