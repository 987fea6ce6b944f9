#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "application/ports/embedding_provider.hpp"
#include "domain/chunk.hpp"
#include "domain/time.hpp"

namespace rag::local {

/// What a caller waits for. The first who gives it is heard, be it a worker or the deadline.
template <class T>
class Answer {
public:
    /// Before the request is handed on; `give` is called once, on any thread.
    void on_given(std::function<void(Result<T>)> give) { give_ = std::move(give); }

    void give(Result<T> result) {
        if (given_.exchange(true)) return;
        std::exchange(give_, nullptr)(std::move(result));
    }

    /// Nobody waits any more: what is not computed yet need not be.
    bool given() const { return given_; }

private:
    std::atomic<bool> given_{false};
    std::function<void(Result<T>)> give_;
};

/// Texts to embed; owns all that workers read and write.
struct ChunkRequest {
    explicit ChunkRequest(std::vector<std::string> all)
        : texts(std::move(all)), results(texts.size()), left(texts.size()) {}

    std::vector<std::string> texts;
    std::vector<ChunkEmbedding> results;  // Each written by one worker.
    std::atomic<std::size_t> left;        // Texts that are not computed.
    Answer<std::vector<ChunkEmbedding>> answer;
};

struct QueryRequest {
    explicit QueryRequest(std::string question) : text(std::move(question)) {}

    std::string text;
    Answer<QueryEmbedding> answer;
};

}  // namespace rag::local
