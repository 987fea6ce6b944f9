#include "engine.hpp"

#include <algorithm>
#include <chrono>
#include <exception>

namespace rag::local {
namespace {

constexpr std::size_t kBatchRows = 256;  // 50 ms; its activations stay in the caches.
constexpr std::size_t kQueryRows = 256;
constexpr std::size_t kQueriesTogether = 8;
constexpr std::size_t kReadyRows = 8 * kBatchRows;    // Enough to choose from.
constexpr std::size_t kTextsTogether = 64;            // Tokenised in one go,
constexpr std::size_t kTextBytesTogether = 64 << 10;  // or so many bytes.
constexpr std::chrono::microseconds kHelpersWaitMax{100};

Error stopped() { return {ErrorCode::unavailable, "The embedding engine is shutting down.", {}}; }

Error broken() { return {ErrorCode::internal, "Embedding failed.", {}}; }

std::size_t bytes_of(const ChunkRequest& request) {
    std::size_t bytes = 0;
    for (const std::string& text : request.texts) bytes += text.size();
    return bytes;
}

/// Appends a text's ids to the batch.
TextRows append(PackedBatch& batch, std::span<const std::int32_t> ids) {
    const std::size_t first = batch.ids.size();
    batch.ids.insert(batch.ids.end(), ids.begin(), ids.end());
    batch.ends.push_back(batch.ids.size());
    return {first, ids};
}

}  // namespace

Engine::Worker::Worker(const ModelConfig& config)
    : chunks(config, std::max(kBatchRows, config.positions)),
      queries(config, std::max(kQueryRows, config.positions)) {}

Engine::Engine(
    std::shared_ptr<const Weights> weights,
    const WordPieceTokenizer& tokenizer,
    const EngineLimits& limits,
    EngineFaults faults
)
    : weights_(std::move(weights)),
      tokenizer_(tokenizer),
      limits_(limits),
      faults_(std::move(faults)),
      readout_(tokenizer, weights_->config().pooling, weights_->config().hidden_size),
      team_max_(std::min(team_size_max(weights_->config()), limits.threads)) {
    try {
        start_threads();
    } catch (...) {
        stop_threads();
        throw;
    }
}

void Engine::start_threads() {
    for (std::size_t i = 0; i < limits_.threads; ++i) {
        if (faults_.before_thread) faults_.before_thread();
        // Its memory is made here, where a failure is an exception and not the end of the program.
        auto worker = std::make_unique<Worker>(weights_->config());
        threads_.emplace_back([this, worker = std::move(worker)] { work(*worker); });
    }
}

void Engine::stop_threads() {
    {
        const Lock lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

Engine::~Engine() {
    stop_threads();
    for (const auto& query : waiting_queries_) query->answer.give(tl::unexpected(stopped()));
    for (const auto& waiting : untokenised_)
        waiting.request->answer.give(tl::unexpected(stopped()));
    while (!ready_.empty()) {
        for (const WaitingText& text : ready_.take(kReadyRows)) {
            text.request->answer.give(tl::unexpected(stopped()));
        }
    }
}

void Engine::submit(std::shared_ptr<ChunkRequest> request) {
    if (request->texts.empty()) return request->answer.give(std::vector<ChunkEmbedding>{});
    const std::size_t bytes = bytes_of(*request);
    {
        const Lock lock(mutex_);
        const bool full = texts_ + request->texts.size() > limits_.texts_max ||
                          text_bytes_ + bytes > limits_.text_bytes_max;
        if (!full) {
            texts_ += request->texts.size();
            text_bytes_ += bytes;
            untokenised_.push_back({std::move(request), 0});
        }
    }
    if (request) {
        return request->answer.give(
            fail(ErrorCode::overloaded, "Too many texts wait to be embedded.")
        );
    }
    wake_.notify_all();
}

void Engine::submit(std::shared_ptr<QueryRequest> request) {
    {
        const Lock lock(mutex_);
        if (waiting_queries_.size() < limits_.queries_max) {
            ++queries_;
            waiting_queries_.push_back(std::move(request));
            queries_wait_ = true;
        }
    }
    if (request) {
        return request->answer.give(
            fail(ErrorCode::overloaded, "Too many queries wait to be embedded.")
        );
    }
    wake_.notify_all();
}

void Engine::work(Worker& worker) {
    Lock lock(mutex_);
    while (!stopping_) {
        if (answer_queries(lock, worker) || join_shared(lock, worker)) continue;
        if (tokenise(lock) || embed_batch(lock, worker)) continue;
        ++idle_;
        wake_.wait(lock);
        --idle_;
    }
}

/// Queries that wait together are one batch. False: there is none.
bool Engine::answer_queries(Lock& lock, Worker& worker) {
    std::vector<std::shared_ptr<QueryRequest>> requests;
    while (!waiting_queries_.empty() && requests.size() < kQueriesTogether) {
        requests.push_back(std::move(waiting_queries_.front()));
        waiting_queries_.pop_front();
    }
    queries_wait_ = !waiting_queries_.empty();
    if (requests.empty()) return false;
    lock.unlock();
    std::size_t unanswered = requests.size();
    try {
        compute_queries(requests, worker, unanswered);
    } catch (const std::exception&) {
        for (const auto& request : requests) request->answer.give(tl::unexpected(broken()));
    }
    queries_ -= unanswered;
    lock.lock();
    return true;
}

bool Engine::join_shared(Lock& lock, Worker& worker) {
    if (shared_ == nullptr) return false;
    const std::shared_ptr<Shared> shared = shared_;
    const std::size_t member = shared->joined + 1;
    shared->spaces[member] = &worker.queries;
    if (member == shared->wanted) shared_ = nullptr;
    shared->joined.store(member, std::memory_order_release);
    lock.unlock();
    for (int spins = 0; !shared->started.load(std::memory_order_acquire); ++spins) {
        if (spins > 10'000) std::this_thread::yield();
    }
    try {
        run_part(*shared, member);
    } catch (const std::exception&) {
        // Whoever leads has noticed, and answers.
    }
    lock.lock();
    return true;
}

/// Parts of all these queries, as many in one batch as its rows allow.
void Engine::compute_queries(
    const std::vector<std::shared_ptr<QueryRequest>>& requests,
    Worker& worker,
    std::size_t& unanswered
) {
    std::vector<QueryWork> queries;
    for (const auto& request : requests) {
        if (!request->answer.given()) queries.emplace_back(request, tokenizer_, readout_);
    }
    struct Part {
        QueryWork* query;
        TextRows rows;
    };
    std::vector<Part> parts;
    auto shared = std::make_shared<Shared>();
    const auto flush = [&] {
        if (parts.empty()) return;
        share_batch(shared, worker);
        for (const Part& part : parts) {
            if (!part.query->read(readout_, worker.queries, part.rows)) continue;
            --queries_;  // Before it is answered: whoever has an answer is not waiting any more.
            --unanswered;
            part.query->answer();
        }
        parts.clear();
        shared = std::make_shared<Shared>();
    };
    for (QueryWork& query : queries) {
        for (std::size_t i = 0; i < query.part_count(); ++i) {
            const std::vector<std::int32_t>& ids = query.part(i);
            if (shared->batch.ids.size() + ids.size() > kQueryRows) flush();
            parts.push_back({&query, append(shared->batch, ids)});
        }
    }
    flush();
}

/// Runs the batch with those threads that are idle now.
void Engine::share_batch(const std::shared_ptr<Shared>& shared, Worker& worker) {
    shared->spaces[0] = &worker.queries;
    {
        const Lock lock(mutex_);
        shared->wanted = std::min(team_max_ - 1, idle_);
        if (shared->wanted > 0) shared_ = shared;
    }
    if (shared->wanted > 0) {
        wake_.notify_all();
        // A helper that was idle is here within microseconds; one that lost its core is not
        // worth waiting for.
        const auto until = std::chrono::steady_clock::now() + kHelpersWaitMax;
        while (shared->joined.load(std::memory_order_acquire) < shared->wanted &&
               std::chrono::steady_clock::now() < until) {
        }
        const Lock lock(mutex_);
        if (shared_ == shared) shared_ = nullptr;
    }
    Team& team = shared->team.emplace(1 + shared->joined);
    team.members = shared->spaces;
    shared->started.store(true, std::memory_order_release);
    try {
        run_part(*shared, 0);
    } catch (...) {
        // Within a layer's time they find out, and stop reading what the next batch overwrites.
        while (!team.empty()) std::this_thread::yield();
        throw;
    }
}

/// A member's part of a batch. One that fails takes the others along: they would wait for ever.
void Engine::run_part(Shared& shared, std::size_t member) {
    Team& team = *shared.team;
    try {
        if (faults_.before_shared) faults_.before_shared(member);
        run_shared(*weights_, shared.batch, team, member);
    } catch (...) {
        team.leave(true);
        throw;
    }
    team.leave(false);
}

/// Makes texts ready for batches while there are few. False: nothing to do.
bool Engine::tokenise(Lock& lock) {
    if (untokenised_.empty() || ready_.rows() >= kReadyRows) return false;
    Untokenised& front = untokenised_.front();
    const std::shared_ptr<ChunkRequest> request = front.request;
    const std::size_t first = front.next;
    std::size_t end = first;
    for (std::size_t bytes = 0;
         end < request->texts.size() && end - first < kTextsTogether && bytes < kTextBytesTogether;
         ++end) {
        bytes += request->texts[end].size();
    }
    front.next = end;
    if (end == request->texts.size()) untokenised_.pop_front();

    lock.unlock();
    std::vector<WaitingText> texts;
    try {
        for (std::size_t index = first; index < end; ++index) {
            if (std::optional<WaitingText> text = encode(request, index)) {
                texts.push_back(std::move(*text));
            }
        }
    } catch (const std::exception&) {
        request->answer.give(tl::unexpected(broken()));
    }
    lock.lock();
    texts_ -= end - first - texts.size();
    ready_.add(std::move(texts));
    // Who found nothing to do while these were made ready may take a part of them now.
    if (idle_ > 0) wake_.notify_all();
    return true;
}

/// nullopt: nobody waits for it (any more). The text itself is let go.
std::optional<WaitingText> Engine::encode(
    const std::shared_ptr<ChunkRequest>& request, std::size_t index
) {
    const std::string text = std::move(request->texts[index]);
    text_bytes_ -= text.size();
    if (request->answer.given()) return std::nullopt;
    std::vector<std::int32_t> ids = tokenizer_.encode(text);
    if (ids.size() + tokenizer_.special_tokens() > tokenizer_.max_tokens()) {
        request->answer.give(
            fail(ErrorCode::invalid_argument, "A text is longer than the embedding model reads.")
        );
        return std::nullopt;
    }
    ids.insert(ids.begin(), tokenizer_.cls_id());
    ids.push_back(tokenizer_.sep_id());
    return WaitingText{request, index, std::move(ids)};
}

/// Rows for the next batch: what is left is shared by all threads, so that they end together.
std::size_t Engine::batch_rows() const {
    constexpr std::size_t kRowsMin = 64;
    if (!untokenised_.empty()) return kBatchRows;
    const std::size_t share = (ready_.rows() + limits_.threads - 1) / limits_.threads;
    return std::clamp(share, kRowsMin, kBatchRows);
}

bool Engine::embed_batch(Lock& lock, Worker& worker) {
    if (ready_.empty()) return false;
    std::vector<WaitingText> texts = ready_.take(batch_rows());
    const std::size_t taken = texts.size();
    lock.unlock();
    bool computed = true;
    try {
        compute_chunks(texts, worker);
    } catch (const std::exception&) {
        computed = false;
    }
    texts_ -= taken;  // Before they are answered, as with queries.
    for (const WaitingText& text : texts) {
        ChunkRequest& request = *text.request;
        if (!computed) {
            request.answer.give(tl::unexpected(broken()));
        } else if (--request.left == 0) {
            request.answer.give(std::move(request.results));
        }
    }
    lock.lock();
    return true;
}

/// Fills in the results of these texts; those that nobody waits for are taken off the list.
void Engine::compute_chunks(std::vector<WaitingText>& texts, Worker& worker) {
    std::erase_if(texts, [](const WaitingText& text) { return text.request->answer.given(); });
    if (texts.empty()) return;
    PackedBatch batch;
    std::vector<TextRows> rows;
    for (const WaitingText& text : texts) rows.push_back(append(batch, text.ids));
    run_batch(*weights_, batch, worker.chunks, [&] { look_for_queries(worker); });
    for (std::size_t i = 0; i < texts.size(); ++i) {
        texts[i].request->results[texts[i].index] = readout_.chunk(worker.chunks, rows[i]);
    }
}

/// Within a batch: queries do not wait for its end, unless an idle thread takes them anyway.
void Engine::look_for_queries(Worker& worker) {
    if (!queries_wait_) return;
    Lock lock(mutex_);
    if (idle_ == 0) answer_queries(lock, worker);
}

}  // namespace rag::local
