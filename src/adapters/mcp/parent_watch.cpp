#include "parent_watch.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

namespace rag::mcp {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};

}  // namespace

ParentWatch::ParentWatch(pid_t parent, std::function<void()> gone)
    : parent_(parent), gone_(std::move(gone)) {
    if (parent_ == 0) return;
    thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void ParentWatch::watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        // An orphan is given to another process.
        if (::getppid() != parent_) return gone_();
        wake_.wait_for(lock, stop, kBetweenLooks, [] { return false; });
    }
}

}  // namespace rag::mcp
