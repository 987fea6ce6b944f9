#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace rag::encoding {

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

/// Of a file, read piece by piece so that it does not become resident. nullopt: it cannot be read.
std::optional<Digest> sha256_of_file(const std::filesystem::path& path);

}  // namespace rag::encoding
