#include "page_arena.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace rag::sqlite {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kRegionMax = std::size_t{32} << 20;
constexpr std::size_t kLine = 64;

std::size_t rounded_up(std::size_t size, std::size_t unit) {
    return (size + unit - 1) / unit * unit;
}

}  // namespace

PageArena::~PageArena() {
    for (const Region& region : regions_) ::munmap(region.begin, region.size);
}

std::byte* PageArena::allocate(std::size_t bytes) {
    const std::size_t needed = rounded_up(bytes, kLine);
    if (needed > left_) add_region(needed);
    std::byte* place = next_;
    next_ += needed;
    left_ -= needed;
    memory_bytes_ += needed;
    return place;
}

void PageArena::add_region(std::size_t at_least) {
    // Small stores take little; large ones few regions.
    const std::size_t wanted = std::min(std::max(memory_bytes_, kHugePage), kRegionMax);
    const std::size_t size = rounded_up(std::max(at_least, wanted), kHugePage);
    // One page more, so that some place in it is a huge page's boundary.
    const std::size_t mapped = size + kHugePage;
    void* begin = ::mmap(
        nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0
    );
    if (begin == MAP_FAILED) throw std::bad_alloc();
    regions_.push_back({begin, mapped});
    const auto address = reinterpret_cast<std::uintptr_t>(begin);
    next_ = static_cast<std::byte*>(begin) + (rounded_up(address, kHugePage) - address);
    left_ = size;
    // Without huge pages it is slower, and no less right.
    (void)::madvise(next_, size, MADV_HUGEPAGE);
}

}  // namespace rag::sqlite
