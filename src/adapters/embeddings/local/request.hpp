#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "application/completion.hpp"
#include "application/ports/embedding_provider.hpp"
#include "domain/chunk.hpp"
#include "infrastructure/deadlines.hpp"

namespace rag::local {

/// What a caller waits for. The first who gives it is heard, be it a worker or the deadline.
template <class T>
class Answer {
public:
    /// Before the request is handed on. At the deadline the answer is `timeout`, whatever the
    /// workers do.
    void awaited_by(Completion<T> caller, Deadlines& deadlines, Deadline deadline) {
        caller_ = std::move(caller);
        late_.emplace(deadlines, [this] {
            give(fail(ErrorCode::timeout, "Embedding took too long."));
        });
        late_->set(deadline);
    }

    /// On any thread.
    void give(Result<T> result) {
        if (given_.exchange(true)) return;
        if (late_) late_->cancel();
        caller_.complete(std::move(result));
    }

    /// Nobody waits any more: what is not computed yet need not be.
    bool given() const { return given_; }

private:
    std::atomic<bool> given_{false};
    Completion<T> caller_;
    std::optional<Alarm> late_;  // Last: it uses the others until it is gone.
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
