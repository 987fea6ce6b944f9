#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "application/task.hpp"
#include "domain/time.hpp"

namespace rag::test {

inline Deadline in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

/// Longer than any test may take: a hang becomes a failure.
inline constexpr std::chrono::seconds kPatience{60};

/// Runs a coroutine on `io` until it is done, and answers what it answers.
template <class T>
T await_on(boost::asio::io_context& io, Task<T> task) {
    std::optional<T> answer;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T value) {
        failure = thrown;
        answer.emplace(std::move(value));
        io.stop();
    });
    io.restart();
    io.run_for(kPatience);
    if (failure) std::rethrow_exception(failure);
    if (!answer) throw std::runtime_error("The coroutine did not end.");
    return std::move(*answer);
}

template <class T>
T await(Task<T> task) {
    boost::asio::io_context io;
    return await_on(io, std::move(task));
}

}  // namespace rag::test
