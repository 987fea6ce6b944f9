#include "infrastructure/process.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <mutex>
#include <utility>

namespace rag {
namespace {

constexpr std::array kHeld = {SIGTERM, SIGINT, SIGHUP};

sigset_t held_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : kHeld) sigaddset(&set, signal);
    return set;
}

/// A handler has nothing else to write to.
volatile std::sig_atomic_t interrupt_noted = 0;

void note_interrupt(int) { interrupt_noted = 1; }

}  // namespace

void note_interrupts() {
    struct sigaction action {};
    action.sa_handler = note_interrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
}

bool interrupted() { return interrupt_noted != 0; }

void hold_signals() {
    const sigset_t set = held_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void release_signals() {
    const sigset_t set = held_signals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void ignore_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }

std::size_t raise_descriptor_limit(std::size_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlim_t target = std::min<rlim_t>(limit.rlim_max, wanted);
    if (limit.rlim_cur < target) {
        const rlimit raised{.rlim_cur = target, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return static_cast<std::size_t>(limit.rlim_cur);
}

class Signals::State : public std::enable_shared_from_this<State> {
public:
    State(boost::asio::any_io_executor executor, SignalHandlers handlers)
        : set_(std::move(executor), kHeld[0], kHeld[1], kHeld[2]), handlers_(std::move(handlers)) {}

    /// From any thread. The set itself is used on the executor alone: it is not thread-safe.
    void start() {
        boost::asio::post(set_.get_executor(), [self = shared_from_this()] { self->wait(); });
    }

    /// From any thread, and from a handler. No handler runs any more once it returns.
    void cancel() {
        const std::lock_guard lock(mutex_);
        if (std::exchange(cancelled_, true)) return;
        boost::asio::post(set_.get_executor(), [self = shared_from_this()] {
            boost::system::error_code ignored;  // Nothing is left to be done about it.
            self->set_.cancel(ignored);
        });
    }

private:
    void wait() {
        set_.async_wait([self = shared_from_this(
                         )](const boost::system::error_code& failed, int signal) {
            if (!failed) self->take(signal);
        });
    }

    void take(int signal) {
        const std::lock_guard lock(mutex_);
        if (cancelled_) return;
        wait();
        handle(signal);
    }

    void handle(int signal) {
        if (signal == SIGHUP) {
            if (handlers_.reopen) handlers_.reopen();
            return;
        }
        const std::function<void()>& handler = stopped_ ? handlers_.hurry : handlers_.stop;
        stopped_ = true;
        if (handler) handler();
    }

    boost::asio::signal_set set_;
    SignalHandlers handlers_;
    std::recursive_mutex mutex_;  // Recursive, because a handler may cancel.
    bool stopped_ = false;
    bool cancelled_ = false;
};

Signals::Signals(boost::asio::any_io_executor executor, SignalHandlers handlers)
    : state_(std::make_shared<State>(std::move(executor), std::move(handlers))) {
    state_->start();
    // The set exists, so it takes what comes, and it keeps it until it is waited for.
    release_signals();
}

Signals::~Signals() { cancel(); }
void Signals::cancel() { state_->cancel(); }

}  // namespace rag
