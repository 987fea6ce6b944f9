#include "digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "text/digest.hpp"

namespace rag::local {

std::string sha256(std::string_view bytes) { return text::to_hex(text::sha256(bytes)); }

std::optional<std::string> sha256_of_file(const std::filesystem::path& path) {
    constexpr std::size_t kPieceBytes = 256 << 10;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    text::Sha256 digest;
    std::vector<char> piece(kPieceBytes);
    ssize_t count = 0;
    while ((count = ::read(descriptor, piece.data(), piece.size())) > 0) {
        digest.update(std::string_view(piece.data(), static_cast<std::size_t>(count)));
    }
    ::close(descriptor);
    if (count < 0) return std::nullopt;
    return text::to_hex(digest.finish());
}

}  // namespace rag::local
