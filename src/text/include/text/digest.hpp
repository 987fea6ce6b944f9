#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rag::text {

/// A SHA-256.
using Digest = std::array<std::uint8_t, 32>;

/// Takes bytes in parts. Not thread-safe; one object, one digest after the other.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    void update(std::span<const std::uint8_t> bytes);
    /// The digest of all that came; the next `update` begins a new one.
    Digest finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

Digest sha256(std::string_view bytes);

/// Lower-case hexadecimal digits.
std::string to_hex(std::span<const std::uint8_t> bytes);

}  // namespace rag::text
