#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "application/call_context.hpp"
#include "application/task.hpp"
#include "domain/time.hpp"

namespace rag::test {

inline Deadline in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

/// A call of the default tenant that may take so long.
inline CallContext within(std::chrono::milliseconds time) {
    return CallContext::of_default_tenant(in(time));
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

/// Destroys an io context later: a pool's thread that has just posted an answer may still be
/// leaving the context when that answer arrives. In a program the context outlives the pools.
inline void retire(std::unique_ptr<boost::asio::io_context> io) {
    constexpr std::size_t kKept = 256;
    static std::mutex mutex;
    static std::deque<std::unique_ptr<boost::asio::io_context>> kept;
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(io));
    if (kept.size() > kKept) kept.pop_front();
}

template <class T>
T await(Task<T> task) {
    auto io = std::make_unique<boost::asio::io_context>();
    T answer = await_on(*io, std::move(task));
    retire(std::move(io));
    return answer;
}

}  // namespace rag::test
