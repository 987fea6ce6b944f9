#include "fingerprint_work.hpp"

#include <utility>

#include "application/compute.hpp"
#include "application/fingerprint.hpp"

namespace rag {
namespace {

std::size_t bytes_of(const Conversation& content) {
    std::size_t bytes = content.header.metadata.canonical.size();
    for (const Message& message : content.messages) {
        bytes += message.content.size() + message.metadata.canonical.size();
    }
    return bytes;
}

}  // namespace

Task<Result<Fingerprinted>> make_fingerprint(
    WorkPool& pool,
    Conversation content,
    std::optional<encoding::Digest> so_far,
    CallContext context
) {
    const TextAmount text = to_hash(bytes_of(content));
    auto job = [content = std::move(content), so_far]() mutable -> Result<Fingerprinted> {
        const encoding::Digest made =
            so_far ? extended_fingerprint(*so_far, content.messages) : fingerprint(content);
        return Fingerprinted{std::move(content), made};
    };
    co_return co_await compute(pool, std::move(context), text, std::move(job));
}

}  // namespace rag
