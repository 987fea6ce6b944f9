#pragma once

#include <functional>
#include <memory>

#include "domain/time.hpp"

namespace rag {

/// The clock of all who wait with a deadline: one thread, however many queues and requests there
/// are. Setting and cancelling an alarm wakes nobody unless it is the earliest of all. Thread-safe.
class Deadlines {
public:
    Deadlines();
    ~Deadlines();  // No alarm rings any more.
    Deadlines(const Deadlines&) = delete;
    Deadlines& operator=(const Deadlines&) = delete;

private:
    friend class Alarm;
    class State;
    std::shared_ptr<State> state_;  // Alarms may outlive it: whoever waits holds his own.
};

/// One thing to do at a point in time. It may be set again and again, while it rings too.
class Alarm {
public:
    /// `ring` runs on the thread of all alarms: it is short, does not throw and does not wait.
    Alarm(Deadlines& deadlines, std::function<void()> ring);
    ~Alarm();  // Awaits a ring that is under way. Not to be called within it.
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    /// Rings then, and only then; `Deadline::max()`: never.
    void set(Deadline when);
    void cancel() { set(Deadline::max()); }

private:
    friend class Deadlines::State;
    const std::shared_ptr<Deadlines::State> deadlines_;
    const std::function<void()> ring_;
    Deadline when_ = Deadline::max();  // Guarded by the state's mutex.
};

}  // namespace rag
