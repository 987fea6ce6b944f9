#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace rag::sqlite {

/// Rows are kept in blocks that never move, so that growing costs what is added, not what is there.
inline constexpr std::size_t kBlockRows = 1024;

/// Memory that kernels read, zeroed, at cache line boundaries.
struct AlignedDelete {
    void operator()(void* memory) const { ::operator delete (memory, std::align_val_t{64}); }
};

template <class T>
using AlignedArray = std::unique_ptr<T[], AlignedDelete>;

template <class T>
AlignedArray<T> make_aligned(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    void* memory = ::operator new (count * sizeof(T), std::align_val_t{64});
    std::memset(memory, 0, count * sizeof(T));
    return AlignedArray<T>(static_cast<T*>(memory));
}

/// One column of the rows: `width` values of T for each.
template <class T>
class RowColumn {
public:
    explicit RowColumn(std::size_t width = 1) : width_(width) {}

    /// Room for one row more than there is, zeroed.
    void grow_to(std::size_t rows) {
        while (blocks_.size() * kBlockRows < rows) {
            blocks_.push_back(make_aligned<T>(kBlockRows * width_));
        }
    }

    T* at(std::size_t row) { return &blocks_[row / kBlockRows][row % kBlockRows * width_]; }
    const T* at(std::size_t row) const {
        return &blocks_[row / kBlockRows][row % kBlockRows * width_];
    }
    T& operator[](std::size_t row) { return *at(row); }
    const T& operator[](std::size_t row) const { return *at(row); }

    std::size_t blocks() const { return blocks_.size(); }
    std::size_t memory_bytes() const { return blocks_.size() * kBlockRows * width_ * sizeof(T); }

private:
    std::size_t width_;
    std::vector<AlignedArray<T>> blocks_;
};

/// Runs of bytes that are written once and never move.
class ByteArena {
public:
    /// Room for `size` bytes at a multiple of eight, and eight more that may be read.
    std::uint8_t* allocate(std::size_t size) {
        const std::size_t needed = (size + 7) / 8 * 8 + 8;
        if (needed > left_) {
            const std::size_t block = std::max(needed, kBlockBytes);
            blocks_.push_back(make_aligned<std::uint8_t>(block));
            next_ = blocks_.back().get();
            left_ = block;
            memory_bytes_ += block;
        }
        std::uint8_t* place = next_;
        // The eight spare bytes belong to the next run too, but for the last of a block.
        next_ += needed - 8;
        left_ -= needed - 8;
        return place;
    }

    std::uint8_t* append(const std::uint8_t* bytes, std::size_t size) {
        std::uint8_t* place = allocate(size);
        if (size > 0) std::memcpy(place, bytes, size);
        return place;
    }

    std::size_t memory_bytes() const { return memory_bytes_; }

private:
    static constexpr std::size_t kBlockBytes = 256 << 10;

    std::vector<AlignedArray<std::uint8_t>> blocks_;
    std::uint8_t* next_ = nullptr;
    std::size_t left_ = 0;
    std::size_t memory_bytes_ = 0;
};

}  // namespace rag::sqlite
