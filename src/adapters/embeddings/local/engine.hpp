#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "forward.hpp"
#include "packing.hpp"
#include "query_work.hpp"
#include "readout.hpp"
#include "request.hpp"
#include "text/wordpiece.hpp"
#include "weights.hpp"

namespace rag::local {

/// How tests break it on purpose; each may throw.
struct EngineFaults {
    std::function<void()> before_thread;             // Before a thread is made.
    std::function<void(std::size_t)> before_shared;  // Before a member computes its part.
};

struct EngineLimits {
    std::size_t threads;
    std::size_t texts_max;
    std::size_t text_bytes_max;
    std::size_t queries_max;
};

/// Embeds on threads of its own. Chunks of all requests are tokenised and packed into batches, each
/// computed by one thread; queries go first, those that wait together as one batch that idle
/// threads share. A thread within a batch looks for queries after each layer. Thread-safe.
class Engine {
public:
    Engine(
        std::shared_ptr<const Weights> weights,
        const WordPieceTokenizer& tokenizer,
        const EngineLimits& limits,
        EngineFaults faults = {}
    );          // Throws what making a thread throws; then there is none.
    ~Engine();  // Answers `unavailable` to what waits, awaits what is being computed.
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Answers at once with `overloaded` if the queue is full.
    void submit(std::shared_ptr<ChunkRequest> request);
    void submit(std::shared_ptr<QueryRequest> request);

    std::size_t backlog() const { return texts_ + queries_; }

    /// Texts in one request that keep it busy: a few packed passes, at 1,000 characters each 256
    /// KB.
    static constexpr std::size_t kPreferredTexts = 256;

private:
    using Lock = std::unique_lock<std::mutex>;

    /// A request whose texts from `next` on are not tokenised yet.
    struct Untokenised {
        std::shared_ptr<ChunkRequest> request;
        std::size_t next = 0;
    };

    /// A batch of queries that other threads are asked to share.
    struct Shared {
        PackedBatch batch;
        std::size_t wanted = 0;                           // Helpers.
        std::atomic<std::size_t> joined{0};               // Of them.
        std::array<Workspace*, Team::kSizeMax> spaces{};  // Member 0 leads.
        std::optional<Team> team;  // Once `started`; making it cannot fail: helpers wait for it.
        std::atomic<bool> started{false};
    };

    struct Worker {
        explicit Worker(const ModelConfig& config);
        Workspace chunks;
        Workspace queries;
    };

    void start_threads();
    void stop_threads();
    void work(Worker& worker);
    bool answer_queries(Lock& lock, Worker& worker);
    bool join_shared(Lock& lock, Worker& worker);
    bool tokenise(Lock& lock);
    bool embed_batch(Lock& lock, Worker& worker);

    void compute_queries(
        const std::vector<std::shared_ptr<QueryRequest>>& requests,
        Worker& worker,
        std::size_t& unanswered
    );
    void share_batch(const std::shared_ptr<Shared>& shared, Worker& worker);
    void run_part(Shared& shared, std::size_t member);
    void compute_chunks(std::vector<WaitingText>& texts, Worker& worker);
    void look_for_queries(Worker& worker);
    std::optional<WaitingText> encode(
        const std::shared_ptr<ChunkRequest>& request, std::size_t index
    );
    std::size_t batch_rows() const;

    const std::shared_ptr<const Weights> weights_;
    const WordPieceTokenizer& tokenizer_;
    const EngineLimits limits_;
    const EngineFaults faults_;
    const Readout readout_;
    const std::size_t team_max_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::size_t idle_ = 0;
    std::deque<std::shared_ptr<QueryRequest>> waiting_queries_;
    std::deque<Untokenised> untokenised_;
    WaitingTexts ready_;
    std::shared_ptr<Shared> shared_;  // While it wants helpers.

    // Counted where the work ends too, without the lock.
    std::atomic<std::size_t> texts_{0};
    std::atomic<std::size_t> text_bytes_{0};
    std::atomic<std::size_t> queries_{0};
    std::atomic<bool> queries_wait_{false};

    std::vector<std::thread> threads_;
};

}  // namespace rag::local
