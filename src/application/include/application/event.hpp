#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "application/task.hpp"
#include "domain/time.hpp"

namespace rag {

/// Tells coroutines that something may have changed. Whoever changes it calls `notify`, on any
/// thread; each that waits looks again, on its own executor (one thread). Thread-safe.
class Event {
public:
    void notify();

    /// Waits until the condition holds; false: the deadline came first. The condition is asked on
    /// the caller's thread, at once and after every `notify`. Can be cancelled.
    Task<bool> wait_until(std::function<bool()> condition, Deadline deadline);

private:
    using Timer = boost::asio::steady_timer;

    std::mutex mutex_;
    std::uint64_t notified_ = 0;                 // How often.
    std::vector<std::weak_ptr<Timer>> waiting_;  // Each is cancelled, on its own executor.
};

}  // namespace rag
