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

void ScanCrew::run(std::size_t count, const std::function<void(std::size_t)>& part) {
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
    take_parts();
    std::unique_lock lock(mutex_);
    part_ = nullptr;  // Late helpers find nothing.
    helpers_left_.wait(lock, [this] { return helping_ == 0; });
}

void ScanCrew::take_parts() {
    for (std::size_t i = next_++; i < count_; i = next_++) (*part_)(i);
}

void ScanCrew::help() {
    std::size_t seen = 0;
    std::unique_lock lock(mutex_);
    while (true) {
        work_or_stop_.wait(lock, [&] { return stop_ || (part_ != nullptr && round_ != seen); });
        if (stop_) return;
        seen = round_;
        ++helping_;
        lock.unlock();
        take_parts();
        lock.lock();
        if (--helping_ == 0) helpers_left_.notify_one();
    }
}

}  // namespace rag::sqlite
