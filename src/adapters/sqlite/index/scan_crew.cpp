#include "scan_crew.hpp"

namespace rag::sqlite {

ScanCrew::ScanCrew(std::size_t helpers) {
    for (std::size_t i = 0; i < helpers; ++i) helpers_.emplace_back([this] { help(); });
}

ScanCrew::~ScanCrew() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    work_or_stop_.notify_all();
}

void ScanCrew::run(std::size_t count, const Part& part) {
    std::unique_lock searching(searching_, std::defer_lock);
    if (helpers_.empty() || count < 2 || !searching.try_lock()) {
        for (std::size_t i = 0; i < count; ++i) part(i);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        part_ = &part;
        count_ = count;
        next_ = 0;
        ++round_;
    }
    work_or_stop_.notify_all();
    take_parts(part, count);
    std::unique_lock lock(mutex_);
    part_ = nullptr;  // Late helpers find nothing.
    helpers_left_.wait(lock, [this] { return helping_ == 0; });
}

void ScanCrew::take_parts(const Part& part, std::size_t count) {
    for (std::size_t i = next_++; i < count; i = next_++) part(i);
}

void ScanCrew::help() {
    std::size_t seen = 0;
    std::unique_lock lock(mutex_);
    while (true) {
        work_or_stop_.wait(lock, [&] { return stop_ || (part_ != nullptr && round_ != seen); });
        if (stop_) return;
        seen = round_;
        ++helping_;
        const Part& part = *part_;  // The caller's until no helper is left.
        const std::size_t count = count_;
        lock.unlock();
        take_parts(part, count);
        lock.lock();
        if (--helping_ == 0) helpers_left_.notify_one();
    }
}

}  // namespace rag::sqlite
