#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "application/ports/embedding_provider.hpp"
#include "support/fake_text.hpp"

namespace rag::test {

/// Embeddings from hashes of words: the same text has the same embedding everywhere, and texts that
/// share words are near each other. It can be made to fail or to hold its answers back. For tests
/// with one io thread.
class FakeEmbeddingProvider final : public EmbeddingProvider {
public:
    static constexpr std::size_t kDimension = 64;

    /// `pieces`: whether it gives token vectors.
    explicit FakeEmbeddingProvider(bool pieces = true, std::size_t max_tokens = 256);

    Task<Result<std::vector<ChunkEmbedding>>> embed_chunks(
        std::vector<std::string> texts, CallContext context
    ) override;
    Task<Result<QueryEmbedding>> embed_query(std::string text, CallContext context) override;
    EmbeddingStatus status() const override { return status_; }
    Event& changed() override { return changed_; }
    std::size_t preferred_batch() const override { return preferred_batch_; }
    EmbeddingSpace space() const override;
    const TokenCounter& token_counter() const override { return counter_; }
    std::size_t backlog() const override { return backlog_; }

    /// Every call fails from now on, after `calls` that succeed.
    void fail_with(ErrorCode code, std::size_t calls = 0);
    void recover() { failure_.reset(); }
    void set_status(EmbeddingStatus status);
    /// Down, and back: calls fail meanwhile.
    void go_down();
    void come_back();
    void set_fingerprint(std::string fingerprint);  // Of the space.
    void set_preferred_batch(std::size_t texts) { preferred_batch_ = texts; }

    /// Calls wait from now on, until `release`.
    void hold() { held_ = true; }
    void release();
    std::size_t waiting() const { return waiting_.size(); }

    /// Sizes of the batches that came, in order.
    const std::vector<std::size_t>& batches() const { return batches_; }
    /// The most batches that were under way at once.
    std::size_t most_at_once() const { return most_at_once_; }
    std::size_t queries() const { return queries_; }

private:
    Task<void> wait_while_held();
    std::optional<Error> failure();
    ChunkEmbedding embed(const std::string& text) const;

    const bool pieces_;
    FakeTokenCounter counter_;
    EmbeddingStatus status_{EmbeddingState::ready, {}};
    std::string fingerprint_ = "fake-1";
    Event changed_;
    std::size_t preferred_batch_ = 256;
    std::optional<ErrorCode> failure_;
    std::size_t calls_before_failure_ = 0;
    bool held_ = false;
    std::vector<std::shared_ptr<boost::asio::steady_timer>> waiting_;
    std::vector<std::size_t> batches_;
    std::size_t under_way_ = 0;
    std::size_t most_at_once_ = 0;
    std::size_t queries_ = 0;
    std::size_t backlog_ = 0;
};

}  // namespace rag::test
