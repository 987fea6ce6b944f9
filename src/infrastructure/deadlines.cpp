#include "infrastructure/deadlines.hpp"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "infrastructure/thread_name.hpp"

namespace rag {

class Deadlines::State {
public:
    State() : thread_([this] { run(); }) {}

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            earlier_.notify_one();
        }
        thread_.join();
    }

    void set(Alarm& alarm, Deadline when) {
        const std::lock_guard lock(mutex_);
        if (alarm.when_ == when) return;
        if (alarm.when_ != Deadline::max()) alarms_.erase({alarm.when_, &alarm});
        alarm.when_ = when;
        if (when == Deadline::max()) return;
        alarms_.emplace(when, &alarm);
        // One that is cancelled wakes nobody: the thread finds nothing to do at its time.
        if (when >= sleeps_until_) return;
        sleeps_until_ = when;
        earlier_.notify_one();
    }

    void forget(Alarm& alarm) {
        set(alarm, Deadline::max());
        std::unique_lock lock(mutex_);
        rung_.wait(lock, [&] { return ringing_ != &alarm; });
    }

private:
    void run() {
        name_this_thread("deadlines");
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            if (alarms_.empty()) {
                sleeps_until_ = Deadline::max();
                earlier_.wait(lock);  // wait_until with the end of time overflows in libstdc++.
            } else if (const Deadline first = alarms_.begin()->first;
                       first > std::chrono::steady_clock::now()) {
                sleeps_until_ = first;
                earlier_.wait_until(lock, first);
            } else {
                ring(lock);
            }
            sleeps_until_ = Deadline::min();  // Awake: it looks at all alarms before it sleeps.
        }
    }

    void ring(std::unique_lock<std::mutex>& lock) {
        ringing_ = alarms_.extract(alarms_.begin()).value().second;
        ringing_->when_ = Deadline::max();
        lock.unlock();
        ringing_->ring_();
        lock.lock();
        ringing_ = nullptr;
        rung_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable earlier_;
    std::condition_variable rung_;
    std::set<std::pair<Deadline, Alarm*>> alarms_;
    Alarm* ringing_ = nullptr;  // Written with the mutex, by the thread alone.
    Deadline sleeps_until_ = Deadline::min();
    bool stopping_ = false;
    std::thread thread_;  // Last: it uses all of the above.
};

Deadlines::Deadlines() : state_(std::make_shared<State>()) {}
Deadlines::~Deadlines() { state_->stop(); }

Alarm::Alarm(Deadlines& deadlines, std::function<void()> ring)
    : deadlines_(deadlines.state_), ring_(std::move(ring)) {}

Alarm::~Alarm() { deadlines_->forget(*this); }

void Alarm::set(Deadline when) { deadlines_->set(*this, when); }

}  // namespace rag
