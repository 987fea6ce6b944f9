#include "digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <new>
#include <vector>

namespace rag::local {
namespace {

class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        if (context_ == nullptr) throw std::bad_alloc();
        EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    }

    void add(const void* bytes, std::size_t count) {
        EVP_DigestUpdate(context_.get(), bytes, count);
    }

    std::string hexadecimal() {
        constexpr const char* kDigits = "0123456789abcdef";
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
        std::string text;
        for (unsigned i = 0; i < size; ++i) {
            text.push_back(kDigits[digest[i] >> 4]);
            text.push_back(kDigits[digest[i] & 15]);
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
    Sha256 digest;
    digest.add(bytes.data(), bytes.size());
    return digest.hexadecimal();
}

std::optional<std::string> sha256_of_file(const std::filesystem::path& path) {
    constexpr std::size_t kPieceBytes = 256 << 10;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    Sha256 digest;
    std::vector<char> piece(kPieceBytes);
    ssize_t count = 0;
    while ((count = ::read(descriptor, piece.data(), piece.size())) > 0) {
        digest.add(piece.data(), static_cast<std::size_t>(count));
    }
    ::close(descriptor);
    if (count < 0) return std::nullopt;
    return digest.hexadecimal();
}

}  // namespace rag::local
