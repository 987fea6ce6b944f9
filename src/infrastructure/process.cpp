#include "infrastructure/process.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <csignal>

namespace rag {

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
        : set_(std::move(executor), SIGTERM, SIGINT, SIGHUP), handlers_(std::move(handlers)) {}

    void wait() {
        auto self = shared_from_this();
        set_.async_wait([self](const boost::system::error_code& failed, int signal) {
            if (failed || self->cancelled_) return;
            self->wait();
            self->handle(signal);
        });
    }

    void cancel() {
        cancelled_ = true;
        boost::system::error_code ignored;  // Nothing is left to be done about it.
        set_.cancel(ignored);
    }

private:
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
    bool stopped_ = false;
    bool cancelled_ = false;
};

Signals::Signals(boost::asio::any_io_executor executor, SignalHandlers handlers)
    : state_(std::make_shared<State>(std::move(executor), std::move(handlers))) {
    state_->wait();
}

Signals::~Signals() { cancel(); }
void Signals::cancel() { state_->cancel(); }

}  // namespace rag
