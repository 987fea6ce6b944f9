#include "fingerprint_work.hpp"

#include <memory>
#include <utility>

#include "application/fingerprint.hpp"

namespace rag {
namespace {

// Hashed in less time than it takes to hand it over: about a tenth of a millisecond.
constexpr std::size_t kInlineBytesMax = std::size_t{64} << 10;

/// Owned by the job, which may outlive the caller.
struct FingerprintWork {
    Fingerprinted made;
    std::optional<encoding::Digest> so_far;
};

void make(FingerprintWork& work) {
    Fingerprinted& made = work.made;
    made.fingerprint = work.so_far ? extended_fingerprint(*work.so_far, made.content.messages)
                                   : fingerprint(made.content);
}

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
    const std::size_t bytes = bytes_of(content);
    auto work = std::make_shared<FingerprintWork>();
    work->made.content = std::move(content);
    work->so_far = so_far;
    if (bytes <= kInlineBytesMax) {
        make(*work);
        co_return std::move(work->made);
    }
    std::function<void()> job = [work] { make(*work); };
    Result<void> done = co_await pool.run(std::move(job), std::move(context));
    if (!done) co_return tl::unexpected<Error>(std::move(done.error()));
    co_return std::move(work->made);
}

}  // namespace rag
