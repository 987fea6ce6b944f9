#pragma once

#include <atomic>
#include <string>

#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"
#include "application/signal.hpp"

namespace rag {

enum class HealthStatus : std::uint8_t { healthy, degraded, unhealthy, starting, draining };

struct Health {
    HealthStatus status = HealthStatus::starting;
    bool ready = false;  // What /readyz says.
    bool live = true;    // What /livez says: no worker is stuck for more than 30 s.
    bool database_healthy = false;
    double database_latency_ms = 0;
    std::string database_error;
    std::string embedding_status;  // "healthy", "unhealthy", "loading"
    std::string embedding_error;
    std::string provider;
    std::string model;
};

/// Puts together what the parts know of themselves (contract §6). Never blocks: the parts look
/// in the background.
class HealthCheck {
public:
    HealthCheck(const ConversationRepository& repository, const EmbeddingProvider& embeddings);
    Health current() const;
    /// From SIGTERM on.
    void start_draining();
    /// A background watchdog tells whether a worker has been stuck for more than 30 s.
    void set_stuck(bool stuck);
    /// A part may be in another state: those who wait look again.
    void changed() { changed_.notify(); }
    /// Waits while the store or the model is being opened; false: it still is at the deadline.
    Task<bool> await_started(Deadline deadline);

private:
    const ConversationRepository& repository_;
    const EmbeddingProvider& embeddings_;
    std::atomic<bool> draining_ = false;
    std::atomic<bool> stuck_ = false;
    Signal changed_;
};

}  // namespace rag
