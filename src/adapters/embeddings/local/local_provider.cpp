#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "embeddings/factory.hpp"
#include "encoding/digest.hpp"
#include "encoding/hex.hpp"
#include "engine.hpp"

namespace rag {
namespace {

constexpr const char* kKnownModel = "all-MiniLM-L6-v2";
constexpr const char* kKnownDigest =
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

class LocalEmbeddingProvider final : public EmbeddingProvider {
public:
    LocalEmbeddingProvider(
        LocalEmbeddingOptions options, local::ModelConfig config, WordPieceTokenizer tokenizer
    )
        : options_(std::move(options)),
          config_(config),
          tokenizer_(std::move(tokenizer)),
          model_(options_.model_folder.filename().string()),
          own_deadlines_(options_.deadlines == nullptr ? std::make_unique<Deadlines>() : nullptr),
          deadlines_(own_deadlines_ ? *own_deadlines_ : *options_.deadlines),
          loader_([this] { load(); }) {}

    ~LocalEmbeddingProvider() override { loader_.join(); }

    Task<Result<std::vector<ChunkEmbedding>>> embed_chunks(
        std::vector<std::string> texts, CallContext context
    ) override {
        auto request = std::make_shared<local::ChunkRequest>(std::move(texts));
        co_return co_await answer_of<std::vector<ChunkEmbedding>>(request, context.deadline);
    }

    Task<Result<QueryEmbedding>> embed_query(std::string text, CallContext context) override {
        auto request = std::make_shared<local::QueryRequest>(std::move(text));
        co_return co_await answer_of<QueryEmbedding>(request, context.deadline);
    }

    EmbeddingStatus status() const override {
        const EmbeddingState state = state_.load(std::memory_order_acquire);
        return {state, state == EmbeddingState::failed ? error_ : std::string()};
    }

    EmbeddingSpace space() const override {
        const bool ready = state_.load(std::memory_order_acquire) == EmbeddingState::ready;
        return {"local", model_, config_.hidden_size, ready ? fingerprint_ : std::string()};
    }

    const TokenCounter& token_counter() const override { return tokenizer_; }

    std::size_t backlog() const override {
        const bool ready = state_.load(std::memory_order_acquire) == EmbeddingState::ready;
        return ready ? engine_->backlog() : 0;
    }

    std::size_t preferred_batch() const override { return local::Engine::kPreferredTexts; }

    Event& changed() override { return changed_; }

private:
    /// Hands a request over and waits for its answer. `Request` owns its data: workers may come
    /// to it after the deadline.
    template <class T, class Request>
    Task<Result<T>> answer_of(std::shared_ptr<Request> request, Deadline deadline) {
        if (Result<void> usable = check_usable(deadline); !usable) {
            co_return tl::unexpected<Error>(std::move(usable.error()));
        }
        auto start = [this, request, deadline](Completion<T> caller) {
            request->answer.awaited_by(std::move(caller), deadlines_, deadline);
            engine_->submit(request);
        };
        co_return co_await await_completion<T>(std::move(start));
    }

    Result<void> check_usable(Deadline deadline) const {
        switch (state_.load(std::memory_order_acquire)) {
            case EmbeddingState::loading:
                return fail(ErrorCode::unavailable, "The embedding model is still loading.");
            case EmbeddingState::down:
            case EmbeddingState::failed:
                return fail(ErrorCode::unavailable, "The embedding model could not be loaded.");
            case EmbeddingState::ready:
                break;
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return fail(ErrorCode::timeout, "No time is left for embedding.");
        }
        return {};
    }

    /// On its own thread. Publishes what it wrote by setting the state.
    void load() noexcept {
        try {
            if (Result<void> loaded = load_weights(); !loaded) {
                error_ = std::move(loaded.error().message);
            }
        } catch (const std::system_error&) {
            error_ = "the threads of the embedding model cannot be made";
        } catch (const std::exception&) {
            error_ = "not enough memory for the embedding model";
        }
        const bool ready = engine_ != nullptr;
        state_.store(
            ready ? EmbeddingState::ready : EmbeddingState::failed, std::memory_order_release
        );
        changed_.notify();
    }

    Result<void> load_weights() {
        const std::string digest = model_ == kKnownModel ? kKnownDigest : "";
        auto weights = local::Weights::load(options_.model_folder, config_, digest);
        if (!weights) return tl::unexpected(weights.error());
        const auto vocabulary = encoding::sha256_of_file(options_.model_folder / "vocab.txt");
        if (!vocabulary) return fail(ErrorCode::invalid_argument, "vocab.txt cannot be read");
        const bool mean = config_.pooling == local::Pooling::mean;
        fingerprint_ = encoding::to_hex(encoding::sha256(
            (*weights)->digest() + encoding::to_hex(*vocabulary) + (mean ? "mean" : "cls")
        ));
        engine_ = std::make_unique<local::Engine>(
            std::move(*weights),
            tokenizer_,
            local::EngineLimits{
                options_.threads,
                options_.texts_max,
                options_.text_bytes_max,
                options_.queries_max},
            local::EngineFaults{options_.test.before_thread, options_.test.before_shared}
        );
        return {};
    }

    const LocalEmbeddingOptions options_;
    const local::ModelConfig config_;
    const WordPieceTokenizer tokenizer_;
    const std::string model_;
    std::atomic<EmbeddingState> state_{EmbeddingState::loading};
    std::string error_;  // These three are written before the state leaves `loading`.
    std::string fingerprint_;
    Event changed_;
    std::unique_ptr<Deadlines> own_deadlines_;  // Only where none were given.
    Deadlines& deadlines_;
    std::unique_ptr<local::Engine> engine_;
    std::thread loader_;  // Last: it uses all of the above.
};

}  // namespace

Result<std::unique_ptr<EmbeddingProvider>> make_local_embedding_provider(
    const LocalEmbeddingOptions& given
) {
    LocalEmbeddingOptions options = given;
    if (!options.model_folder.has_filename())
        options.model_folder = given.model_folder.parent_path();
    // More threads than cores would only wait for each other within a shared query.
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    options.threads = options.threads == 0 ? cores : std::min(options.threads, cores);
    Result<local::ModelConfig> config = local::read_model_config(options.model_folder);
    if (!config) return tl::unexpected(std::move(config.error()));
    Result<WordPieceTokenizer> tokenizer = WordPieceTokenizer::load(options.model_folder);
    if (!tokenizer) return tl::unexpected(std::move(tokenizer.error()));
    if (tokenizer->vocabulary_size() > config->vocabulary_size) {
        return fail(ErrorCode::invalid_argument, "vocab.txt has more pieces than the model knows");
    }
    if (tokenizer->max_tokens() > config->positions) {
        return fail(ErrorCode::invalid_argument, "max_seq_length is beyond the model's positions");
    }
    return std::make_unique<LocalEmbeddingProvider>(
        std::move(options), *config, std::move(*tokenizer)
    );
}

}  // namespace rag
