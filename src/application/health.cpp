#include "application/health.hpp"

#include <string_view>
#include <utility>

#include "domain/number_text.hpp"

namespace rag {
namespace {

std::string_view name_of(EmbeddingState state) {
    switch (state) {
        case EmbeddingState::loading:
            return "loading";
        case EmbeddingState::ready:
            return "healthy";
        case EmbeddingState::down:
        case EmbeddingState::failed:
            return "unhealthy";
    }
    return "unhealthy";
}

std::string_view name_of(StoreStatus::State state) {
    switch (state) {
        case StoreStatus::State::starting:
            return "starting";
        case StoreStatus::State::healthy:
            return "healthy";
        case StoreStatus::State::nearly_full:
            return "degraded";
        case StoreStatus::State::failed:
            return "unhealthy";
    }
    return "unhealthy";
}

/// What a start waits for.
std::string work_of(const StoreStatus& store) {
    if (store.state != StoreStatus::State::starting) return "The embedding model is loaded";
    return store.work.empty() ? "The store is opened" : store.work;
}

/// Chunks of another space; the model itself is well.
std::string found_by_words_alone(const StoreStatus& store) {
    const auto text = [](std::int64_t n) { return with_commas(static_cast<std::uint64_t>(n)); };
    return text(store.chunks_without_embedding) + " of " + text(store.chunks) +
           " chunks have no vector of this model and are found by their words alone: they were "
           "stored with another one. Start with that model again (EMBEDDING_MODEL_PATH), or delete "
           "their conversations and ingest them again.";
}

/// The worst of what the parts say; a search by words alone is still a search.
HealthStatus overall(const StoreStatus& store, const EmbeddingStatus& embeddings) {
    if (store.state == StoreStatus::State::failed) return HealthStatus::unhealthy;
    if (store.state == StoreStatus::State::starting) return HealthStatus::starting;
    if (embeddings.state == EmbeddingState::loading) return HealthStatus::starting;

    const bool degraded = store.state == StoreStatus::State::nearly_full ||
                          embeddings.state != EmbeddingState::ready ||
                          store.chunks_without_embedding > 0;
    return degraded ? HealthStatus::degraded : HealthStatus::healthy;
}

}  // namespace

HealthCheck::HealthCheck(
    const ConversationRepository& repository, const EmbeddingProvider& embeddings
)
    : repository_(repository), embeddings_(embeddings) {}

Health HealthCheck::current() const {
    const StoreStatus store = repository_.status();
    const EmbeddingStatus embedding = embeddings_.status();
    const EmbeddingSpace space = embeddings_.space();

    Health health;
    health.status = overall(store, embedding);
    if (draining_) health.status = HealthStatus::draining;
    if (stuck_) health.status = HealthStatus::unhealthy;
    health.live = !stuck_;
    health.ready =
        health.status == HealthStatus::healthy || health.status == HealthStatus::degraded;

    if (health.status == HealthStatus::starting) health.work = work_of(store);
    health.database_status = name_of(store.state);
    health.database_healthy = store.state == StoreStatus::State::healthy ||
                              store.state == StoreStatus::State::nearly_full;
    health.database_latency_ms = store.latency_ms;
    health.database_error =
        store.state == StoreStatus::State::starting ? work_of(store) : store.error;
    health.embedding_status = name_of(embedding.state);
    health.embedding_error = embedding.error;
    if (embedding.state == EmbeddingState::ready && store.chunks_without_embedding > 0) {
        health.embedding_status = "degraded";
        health.embedding_error = found_by_words_alone(store);
    }
    health.provider = space.provider;
    health.model = space.model;
    return health;
}

void HealthCheck::start_draining() {
    draining_ = true;
    changed_.notify();
}

bool HealthCheck::is_starting() const {
    return overall(repository_.status(), embeddings_.status()) == HealthStatus::starting;
}

Task<void> HealthCheck::wait_for_start(Deadline deadline) {
    std::function<bool()> over = [this] { return !is_starting() || is_draining(); };
    co_await changed_.wait_until(std::move(over), deadline);
}

Task<void> HealthCheck::wait_for_draining() {
    std::function<bool()> draining = [this] { return is_draining(); };
    co_await changed_.wait_until(std::move(draining), Deadline::max());
}

}  // namespace rag
