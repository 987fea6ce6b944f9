#include "application/health.hpp"

#include <string_view>
#include <utility>

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

    health.database_healthy = store.state == StoreStatus::State::healthy ||
                              store.state == StoreStatus::State::nearly_full;
    health.database_latency_ms = store.latency_ms;
    health.database_error = store.error;
    health.embedding_status = name_of(embedding.state);
    health.embedding_error = embedding.error;
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
