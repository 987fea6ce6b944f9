#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <thread>

namespace rag::local {

class Workspace;

/// Threads that compute one batch together, each a part of the heads and columns.
class Team {
public:
    static constexpr std::size_t kSizeMax = 8;  // Beyond, waiting costs more than a query's pass.

    explicit Team(std::size_t size) : size_(size) {}

    std::size_t size() const { return size_; }

    /// Returns once every member is here. Members spin: between two of these lie some 100 us. Where
    /// another program has the core of one, the others give theirs away.
    void wait() {
        if (size_ == 1) return;
        const std::size_t round = round_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            return;
        }
        for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
            if (spins > kSpins) std::this_thread::yield();
        }
    }

    std::array<Workspace*, kSizeMax> members{};

private:
    static constexpr int kSpins = 20'000;

    std::size_t size_;
    std::atomic<std::size_t> arrived_{0};
    std::atomic<std::size_t> round_{0};
};

}  // namespace rag::local
