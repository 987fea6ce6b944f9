#include "call_table.hpp"

#include <algorithm>
#include <utility>

namespace rag::mcp {

bool CallTable::begin(std::size_t bytes) {
    std::unique_lock lock(mutex_);
    // A line alone always gets in, however long it is.
    changed_.wait(lock, [&] {
        const bool room = lines_ < lines_max_ && (bytes_ + bytes <= bytes_max_ || lines_ == 0);
        return closed_ || room;
    });
    if (closed_) return false;
    ++lines_;
    bytes_ += bytes;
    return true;
}

void CallTable::name(const Call& call) {
    std::lock_guard lock(mutex_);
    cancelled_.emplace(call.id, false);
}

void CallTable::cancel(std::string_view id) {
    std::lock_guard lock(mutex_);
    const auto [first, last] = cancelled_.equal_range(std::string(id));
    for (auto call = first; call != last; ++call) call->second = true;
}

void CallTable::finish(const Call& call, std::string answer) {
    std::lock_guard lock(mutex_);
    bool unwanted = answer.empty() || closed_;
    if (const auto named = cancelled_.find(call.id); named != cancelled_.end()) {
        unwanted = unwanted || named->second;
        cancelled_.erase(named);
    }
    if (unwanted) {
        release(call.bytes);
    } else {
        answers_.push_back(AnswerLine{std::move(answer), call.bytes});
    }
    changed_.notify_all();
}

bool CallTable::next_answer(AnswerLine& answer) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !answers_.empty(); });
    if (closed_) return false;
    answer = std::move(answers_.front());
    answers_.pop_front();
    return true;
}

void CallTable::written(const AnswerLine& answer) {
    std::lock_guard lock(mutex_);
    release(answer.bytes);
    changed_.notify_all();
}

bool CallTable::wait_until_idle(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return closed_ || lines_ == 0; });
}

void CallTable::close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

void CallTable::release(std::size_t bytes) {
    --lines_;
    bytes_ -= std::min(bytes_, bytes);
}

}  // namespace rag::mcp
