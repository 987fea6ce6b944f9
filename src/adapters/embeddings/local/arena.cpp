#include "arena.hpp"

#include <sys/mman.h>

#include <cassert>
#include <new>

namespace rag::local {

Arena::Arena(std::size_t bytes) : bytes_(bytes) {
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    madvise(memory_, bytes_, MADV_HUGEPAGE);  // Only speed depends on it.
}

Arena::~Arena() { munmap(memory_, bytes_); }

void* Arena::take_bytes(std::size_t bytes) {
    assert(used_ + bytes <= bytes_);
    void* taken = static_cast<std::byte*>(memory_) + used_;
    used_ += bytes;
    return taken;
}

}  // namespace rag::local
