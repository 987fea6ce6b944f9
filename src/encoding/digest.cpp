#include "encoding/digest.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <new>
#include <vector>

namespace rag::encoding {

namespace {

// With a working library these fail for lack of memory only.
void check(int done) {
    if (done != 1) throw std::bad_alloc();
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Sha256::Context {
    std::unique_ptr<EVP_MD_CTX, FreeContext> evp{EVP_MD_CTX_new()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    if (!context_->evp) throw std::bad_alloc();
    check(EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
    check(EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()));
}

void Sha256::update(std::span<const std::uint8_t> bytes) {
    check(EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
    Digest digest{};
    unsigned size = 0;
    check(EVP_DigestFinal_ex(context_->evp.get(), digest.data(), &size));
    check(EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr));
    return digest;
}

Digest sha256(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

std::optional<Digest> sha256_of_file(const std::filesystem::path& path) {
    constexpr std::size_t kPieceBytes = 256 << 10;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    Sha256 hash;
    std::vector<char> piece(kPieceBytes);
    ssize_t count = 0;
    while ((count = ::read(descriptor, piece.data(), piece.size())) > 0) {
        hash.update(std::string_view(piece.data(), static_cast<std::size_t>(count)));
    }
    ::close(descriptor);
    if (count < 0) return std::nullopt;
    return hash.finish();
}

}  // namespace rag::encoding
