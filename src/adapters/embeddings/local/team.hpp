#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <thread>

namespace rag::local {

class Workspace;

/// A member of the team has failed, so its part is missing.
class BrokenTeam : public std::runtime_error {
public:
    BrokenTeam() : std::runtime_error("a thread that shared a batch has failed") {}
};

/// Threads that compute one batch together, each a part of the heads and columns.
class Team {
public:
    static constexpr std::size_t kSizeMax = 8;  // Beyond, waiting costs more than a query's pass.

    explicit Team(std::size_t size) : size_(size) {}

    std::size_t size() const { return size_; }

    /// Returns once every member is here. Members spin: between two of these lie some 100 us. Where
    /// another program has the core of one, the others give theirs away. Throws BrokenTeam if one
    /// has failed and will never be here.
    void wait() {
        if (size_ == 1) return;
        const std::size_t round = round_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == size_) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            return;
        }
        for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
            if (broken_.load(std::memory_order_relaxed)) throw BrokenTeam();
            if (spins > kSpins) std::this_thread::yield();
        }
    }

    /// Of a member that has done its part, or failed: the last that it does with the team, and
    /// with the others' memory.
    void leave(bool failed) {
        if (failed) broken_.store(true, std::memory_order_relaxed);
        left_.fetch_add(1, std::memory_order_release);
    }

    /// Whether all have left: from then on nobody reads another's memory.
    bool empty() const { return left_.load(std::memory_order_acquire) == size_; }

    std::array<Workspace*, kSizeMax> members{};

private:
    static constexpr int kSpins = 20'000;

    std::size_t size_;
    std::atomic<std::size_t> arrived_{0};
    std::atomic<std::size_t> round_{0};
    std::atomic<std::size_t> left_{0};
    std::atomic<bool> broken_{false};
};

}  // namespace rag::local
