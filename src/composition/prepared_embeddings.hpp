#pragma once

#include <atomic>

#include "application/ports/embedding_provider.hpp"

namespace rag::composition {

/// An embedding provider that counts as loading until the store knows the space of its vectors:
/// a vector must never be stored into another space.
class PreparedEmbeddings final : public EmbeddingProvider {
public:
    explicit PreparedEmbeddings(EmbeddingProvider& provider) : provider_(provider) {}

    /// The store knows the space.
    void open() { open_ = true; }
    /// Nothing more is embedded, so no write that is under way gets as far as the store.
    void abandon() { abandoned_ = true; }

    Task<Result<std::vector<ChunkEmbedding>>> embed_chunks(
        std::vector<std::string> texts, CallContext context
    ) override {
        if (!open_) co_return not_yet();
        if (abandoned_) co_return shutting_down();
        Result<std::vector<ChunkEmbedding>> embeddings =
            co_await provider_.embed_chunks(std::move(texts), std::move(context));
        if (abandoned_) co_return shutting_down();
        co_return embeddings;
    }

    Task<Result<QueryEmbedding>> embed_query(std::string text, CallContext context) override {
        if (!open_) co_return not_yet();
        co_return co_await provider_.embed_query(std::move(text), std::move(context));
    }

    EmbeddingStatus status() const override {
        EmbeddingStatus status = provider_.status();
        if (status.state == EmbeddingState::ready && !open_) status.state = EmbeddingState::loading;
        // Trying again is of no use: nothing looks at the model a second time.
        if (status.state == EmbeddingState::failed) {
            status.error +=
                " (mend the model's folder, or remove it and let scripts/setup.sh fetch the "
                "default one; then start the server anew)";
        }
        return status;
    }

    EmbeddingSpace space() const override { return provider_.space(); }
    const TokenCounter& token_counter() const override { return provider_.token_counter(); }
    std::size_t backlog() const override { return provider_.backlog(); }

private:
    static tl::unexpected<Error> not_yet() {
        return fail(ErrorCode::unavailable, "The embedding model is being loaded.");
    }

    static tl::unexpected<Error> shutting_down() {
        return fail(ErrorCode::unavailable, "The server is shutting down.");
    }

    EmbeddingProvider& provider_;
    std::atomic<bool> abandoned_ = false;
    std::atomic<bool> open_ = false;
};

}  // namespace rag::composition
