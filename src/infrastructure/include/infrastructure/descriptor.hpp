#pragma once

#include <unistd.h>

#include <utility>

namespace rag {

/// A descriptor that is closed with it; -1: none.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }

    int get() const { return value_; }
    /// Whoever asks has to close it.
    int release() { return std::exchange(value_, -1); }

private:
    int value_ = -1;
};

}  // namespace rag
