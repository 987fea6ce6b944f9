#pragma once

#include <cstddef>
#include <cstdint>

namespace rag::local {

/// One piece of zeroed memory in large pages where the system has them (the passes over 43 MB of
/// weights would miss the TLB otherwise), handed out in runs that begin on a cache line.
class Arena {
public:
    explicit Arena(std::size_t bytes);  // Throws std::bad_alloc.
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// What `take<T>(count)` uses up.
    template <class T>
    static constexpr std::size_t bytes_for(std::size_t count) {
        return (count * sizeof(T) + kLine - 1) / kLine * kLine;
    }

    template <class T>
    T* take(std::size_t count) {
        return static_cast<T*>(take_bytes(bytes_for<T>(count)));
    }

private:
    static constexpr std::size_t kLine = 64;

    void* take_bytes(std::size_t bytes);

    void* memory_;
    std::size_t bytes_;
    std::size_t used_ = 0;
};

}  // namespace rag::local
