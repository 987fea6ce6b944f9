#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>

#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"

namespace rag::composition {

/// An embedding provider that embeds only while the store uses the space of its vectors: a vector
/// must never be stored into another space. Until that is so for the first time it counts as
/// loading, later as down: searches by words go on then.
class PreparedEmbeddings final : public EmbeddingProvider {
public:
    explicit PreparedEmbeddings(EmbeddingProvider& provider) : provider_(provider) {}

    /// Follows the provider until `close`: whenever it is ready with a space that the store does
    /// not use, the store is told first, and again if it cannot yet. `told` is called when the
    /// status may be another. Both outlive the call.
    Task<void> follow(ConversationRepository& repository, std::function<void()> told);
    void close();

    /// Nothing more is embedded, so no write that is under way gets as far as the store.
    void abandon() { abandoned_ = true; }

    Task<Result<std::vector<ChunkEmbedding>>> embed_chunks(
        std::vector<std::string> texts, CallContext context
    ) override;
    Task<Result<QueryEmbedding>> embed_query(std::string text, CallContext context) override;
    EmbeddingStatus status() const override;
    EmbeddingSpace space() const override { return provider_.space(); }
    Event& changed() override { return changed_; }
    const TokenCounter& token_counter() const override { return provider_.token_counter(); }
    std::size_t preferred_batch() const override { return provider_.preferred_batch(); }
    std::size_t backlog() const override { return provider_.backlog(); }

private:
    bool prepared(const EmbeddingSpace& space) const;
    void prepare(const EmbeddingSpace& space);

    EmbeddingProvider& provider_;
    Event changed_;
    std::atomic<bool> abandoned_ = false;
    std::atomic<bool> closing_ = false;
    std::atomic<bool> started_ = false;  // It has been something else than loading.
    mutable std::mutex mutex_;
    std::optional<EmbeddingSpace> prepared_;  // What the store uses.
};

}  // namespace rag::composition
