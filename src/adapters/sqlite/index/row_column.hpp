#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "page_arena.hpp"

namespace rag::sqlite {

using Row = std::uint32_t;  // Place of a chunk in the index; rises with the chunk's id.
inline constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

/// Rows are kept in blocks that never move, so that growing costs what is added, not what is there.
inline constexpr std::size_t kBlockRows = 1024;

/// One column of the rows: `width` values of T for each.
template <class T>
class RowColumn {
public:
    explicit RowColumn(PageArena& arena, std::size_t width = 1) : arena_(&arena), width_(width) {
        static_assert(std::is_trivially_copyable_v<T>);
    }

    /// Room for one row more than there is, zeroed.
    void grow_to(std::size_t rows) {
        while (blocks_.size() * kBlockRows < rows) {
            std::byte* block = arena_->allocate(kBlockRows * width_ * sizeof(T));
            blocks_.push_back(reinterpret_cast<T*>(block));
        }
    }

    T* at(std::size_t row) { return &blocks_[row / kBlockRows][row % kBlockRows * width_]; }
    const T* at(std::size_t row) const {
        return &blocks_[row / kBlockRows][row % kBlockRows * width_];
    }
    T& operator[](std::size_t row) { return *at(row); }
    const T& operator[](std::size_t row) const { return *at(row); }

    std::size_t blocks() const { return blocks_.size(); }

private:
    PageArena* arena_;
    std::size_t width_;
    std::vector<T*> blocks_;
};

/// Runs of bytes that are written once and never move.
class ByteArena {
public:
    explicit ByteArena(PageArena& arena) : arena_(&arena) {}

    /// Copies the bytes to a multiple of eight.
    std::uint8_t* append(const std::uint8_t* bytes, std::size_t size) {
        const std::size_t needed = (size + 7) / 8 * 8;
        if (needed > left_) {
            left_ = std::max(needed, kBlockBytes);
            next_ = reinterpret_cast<std::uint8_t*>(arena_->allocate(left_));
        }
        std::uint8_t* place = next_;
        next_ += needed;
        left_ -= needed;
        if (size > 0) std::memcpy(place, bytes, size);
        return place;
    }

private:
    static constexpr std::size_t kBlockBytes = 256 << 10;

    PageArena* arena_;
    std::uint8_t* next_ = nullptr;
    std::size_t left_ = 0;
};

}  // namespace rag::sqlite
