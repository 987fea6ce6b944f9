#include "composition/prepared_embeddings.hpp"

#include <chrono>
#include <utility>

namespace rag::composition {

namespace {

using namespace std::chrono_literals;

/// A store that is being opened makes this wait, for minutes perhaps; whoever stops the server
/// meanwhile waits no longer than this.
constexpr auto kSpacePatience = 2s;
constexpr auto kRetry = 1s;  // One that cannot be opened says so itself.

tl::unexpected<Error> unavailable(const char* why) { return fail(ErrorCode::unavailable, why); }

constexpr const char* kNotYet = "The embedding model is being loaded.";
constexpr const char* kShuttingDown = "The server is shutting down.";
constexpr const char* kOtherSpace = "The embedding provider has changed to other vectors.";

}  // namespace

Task<void> PreparedEmbeddings::follow(
    ConversationRepository& repository, std::function<void()> told
) {
    while (!closing_) {
        const EmbeddingStatus status = provider_.status();
        const EmbeddingSpace space = provider_.space();
        Deadline look_again = Deadline::max();
        bool store_opens = false;
        if (status.state == EmbeddingState::ready && !prepared(space)) {
            const Deadline patience = std::chrono::steady_clock::now() + kSpacePatience;
            const CallContext context = CallContext::of_default_tenant(patience);
            const Result<void> used = co_await repository.use_space(space, context);
            if (used) {
                prepare(space);
            } else if (used.error().code == ErrorCode::timeout) {
                store_opens = true;
            } else {
                look_again = std::chrono::steady_clock::now() + kRetry;
            }
        } else if (status.state != EmbeddingState::loading) {
            started_ = true;
        }
        told();
        changed_.notify();
        if (store_opens) continue;
        std::function<bool()> other = [&] {
            return closing_ || provider_.status() != status || provider_.space() != space;
        };
        co_await provider_.changed().wait_until(std::move(other), look_again);
    }
}

void PreparedEmbeddings::close() {
    closing_ = true;
    provider_.changed().notify();
}

bool PreparedEmbeddings::prepared(const EmbeddingSpace& space) const {
    const std::lock_guard lock(mutex_);
    return prepared_ == space;
}

void PreparedEmbeddings::prepare(const EmbeddingSpace& space) {
    {
        const std::lock_guard lock(mutex_);
        prepared_ = space;
    }
    started_ = true;
}

Task<Result<std::vector<ChunkEmbedding>>> PreparedEmbeddings::embed_chunks(
    std::vector<std::string> texts, CallContext context
) {
    const EmbeddingSpace space = provider_.space();
    if (!prepared(space)) co_return unavailable(kNotYet);
    if (abandoned_) co_return unavailable(kShuttingDown);
    Result<std::vector<ChunkEmbedding>> embeddings =
        co_await provider_.embed_chunks(std::move(texts), std::move(context));
    if (abandoned_) co_return unavailable(kShuttingDown);
    if (provider_.space() != space) co_return unavailable(kOtherSpace);
    co_return embeddings;
}

Task<Result<QueryEmbedding>> PreparedEmbeddings::embed_query(
    std::string text, CallContext context
) {
    const EmbeddingSpace space = provider_.space();
    if (!prepared(space)) co_return unavailable(kNotYet);
    Result<QueryEmbedding> embedding =
        co_await provider_.embed_query(std::move(text), std::move(context));
    if (provider_.space() != space) co_return unavailable(kOtherSpace);
    co_return embedding;
}

EmbeddingStatus PreparedEmbeddings::status() const {
    EmbeddingStatus status = provider_.status();
    if (status.state == EmbeddingState::ready && !prepared(provider_.space())) {
        if (!started_) return {EmbeddingState::loading, {}};
        return {EmbeddingState::down, "the store is being prepared for its vectors"};
    }
    // Trying again is of no use: nothing looks at the model a second time.
    if (status.state == EmbeddingState::failed) {
        status.error +=
            " (mend the model's folder, or remove it and let scripts/setup.sh fetch the "
            "default one; then start the server anew)";
    }
    return status;
}

}  // namespace rag::composition
