#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace rag::mcp {

/// Tells once that the process which started this one is gone. A client that was killed may leave
/// our stdin open in another process, and nobody would ever end us. It asks every half second: the
/// kernel's own signal for it (PR_SET_PDEATHSIG) comes already when the thread ends that started
/// us.
class ParentWatch {
public:
    /// `parent`: as it was when this process began; 0: nothing is watched. `gone` is called on a
    /// thread of the watch.
    ParentWatch(pid_t parent, std::function<void()> gone);

private:
    void watch(const std::stop_token& stop);

    const pid_t parent_;
    const std::function<void()> gone_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // Last: it uses the others.
};

}  // namespace rag::mcp
