#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rag::sqlite {

/// Threads that help with one search at a time. Whoever searches does not wait for them to come:
/// parts that nobody has taken yet are done by the caller itself.
class ScanCrew {
public:
    using Part = std::function<void(std::size_t)>;

    explicit ScanCrew(std::size_t helpers);
    ~ScanCrew();
    ScanCrew(const ScanCrew&) = delete;
    ScanCrew& operator=(const ScanCrew&) = delete;

    /// Calls `part` for each of 0..count-1, once; returns when all are done. Thread-safe; a second
    /// search at the same time does its parts alone. `part` must not throw.
    void run(std::size_t count, const Part& part);

private:
    void help();
    /// Takes parts of the work in hand until none is left.
    void take_parts(const Part& part, std::size_t count);

    std::mutex searching_;  // Held by the search that is helped.
    std::mutex mutex_;
    std::condition_variable work_or_stop_;
    std::condition_variable helpers_left_;
    const Part* part_ = nullptr;  // nullptr: no work.
    std::size_t count_ = 0;
    std::atomic<std::size_t> next_ = 0;
    std::size_t helping_ = 0;
    std::size_t round_ = 0;  // Rises with each work, so that no helper comes to one twice.
    bool stop_ = false;
    std::vector<std::jthread> helpers_;
};

}  // namespace rag::sqlite
