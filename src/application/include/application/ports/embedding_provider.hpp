#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "application/call_context.hpp"
#include "application/event.hpp"
#include "application/task.hpp"
#include "domain/search.hpp"
#include "domain/text_ports.hpp"

namespace rag {

/// What a vector belongs to; vectors of different spaces are never compared.
struct EmbeddingSpace {
    std::string provider;  // "local"
    std::string model;     // "all-MiniLM-L6-v2"
    std::size_t dimension = 0;
    std::string fingerprint;  // Local models: SHA-256 over weights, vocabulary and pooling; hex.
    friend bool operator==(const EmbeddingSpace&, const EmbeddingSpace&) = default;
};

enum class EmbeddingState : std::uint8_t {
    loading,  // For the first time.
    ready,
    down,   // It may come back, by itself.
    failed  // For good.
};

struct EmbeddingStatus {
    EmbeddingState state = EmbeddingState::loading;
    std::string error;  // Why, if `down` or `failed`; may be shown to clients.
    friend bool operator==(const EmbeddingStatus&, const EmbeddingStatus&) = default;
};

struct QueryEmbedding {
    std::vector<float> vector;  // Unit length.
    QueryPieces pieces;         // Empty where the provider gives no token vectors.
};

/// Turns text into embeddings. Thread-safe. Any call may answer `unavailable` (still loading,
/// failed, down), `overloaded` (its bounded queue is full) or `timeout`.
/// Passes tests/contract/embedding_provider_contract.hpp.
class EmbeddingProvider {
public:
    virtual ~EmbeddingProvider() = default;

    /// Text in, embeddings out, in order. `invalid_argument`: a text is longer than the model
    /// reads; nothing is cut.
    virtual Task<Result<std::vector<ChunkEmbedding>>> embed_chunks(
        std::vector<std::string> texts, CallContext context
    ) = 0;

    /// A question of any length: one longer than the model reads is embedded in parts (the mean of
    /// their vectors, made unit length; the pieces of all parts).
    virtual Task<Result<QueryEmbedding>> embed_query(std::string text, CallContext context) = 0;

    virtual EmbeddingStatus status() const = 0;

    /// Known from construction on, as is the tokenizer; only the fingerprint and the dimension need
    /// the model: they are valid once the state is `ready`, and may be others when it was `down`.
    virtual EmbeddingSpace space() const = 0;

    /// Notified whenever the status or the space is another.
    virtual Event& changed() = 0;

    virtual const TokenCounter& token_counter() const = 0;

    /// So many texts in one call suit it best; at least one.
    virtual std::size_t preferred_batch() const = 0;

    /// Texts that wait or are being embedded.
    virtual std::size_t backlog() const = 0;
};

}  // namespace rag
