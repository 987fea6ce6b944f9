#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "application/task.hpp"

namespace rag::test {

/// Runs coroutines on a thread of its own until it goes out of scope.
class IoThread {
public:
    IoThread() : work_(context_.get_executor()), thread_([this] { context_.run(); }) {}
    ~IoThread() {
        work_.reset();
        thread_.join();
    }

    template <class T>
    std::future<T> start(Task<T> task) {
        auto promise = std::make_shared<std::promise<T>>();
        std::future<T> future = promise->get_future();
        boost::asio::co_spawn(
            context_,
            std::move(task),
            [promise](std::exception_ptr failed, T value) {
                if (failed) {
                    promise->set_exception(failed);
                } else {
                    promise->set_value(std::move(value));
                }
            }
        );
        return future;
    }

    std::thread::id id() const { return thread_.get_id(); }
    auto executor() { return context_.get_executor(); }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

}  // namespace rag::test
