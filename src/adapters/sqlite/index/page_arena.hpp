#pragma once

#include <cstddef>
#include <vector>

namespace rag::sqlite {

/// Zeroed memory at cache line boundaries that lives as long as the arena and never moves. It lies
/// in huge pages where the system has them: a search reads thousands of rows that lie anywhere, and
/// with small pages finding their addresses costs some 4 % of it.
class PageArena {
public:
    PageArena() = default;
    PageArena(const PageArena&) = delete;
    PageArena& operator=(const PageArena&) = delete;
    ~PageArena();

    std::byte* allocate(std::size_t bytes);
    std::size_t memory_bytes() const { return memory_bytes_; }

private:
    struct Region {
        void* begin;
        std::size_t size;
    };

    void add_region(std::size_t at_least);

    std::vector<Region> regions_;
    std::byte* next_ = nullptr;
    std::size_t left_ = 0;
    std::size_t memory_bytes_ = 0;  // Handed out.
};

}  // namespace rag::sqlite
