#pragma once

#include <atomic>
#include <string>

#include "application/event.hpp"
#include "application/ports/conversation_repository.hpp"
#include "application/ports/embedding_provider.hpp"

namespace rag {

enum class HealthStatus : std::uint8_t { healthy, degraded, unhealthy, starting, draining };

struct Health {
    HealthStatus status = HealthStatus::starting;
    bool ready = false;  // What /readyz says.
    bool live = true;    // What /livez says: no worker is stuck for more than 30 s.
    std::string work;    // What makes it wait while it is `starting`, in words.
    bool database_healthy = false;
    std::string database_status;  // "healthy", "degraded", "unhealthy", "starting"
    double database_latency_ms = 0;
    std::string database_error;    // What is wrong and what helps; empty: nothing.
    std::string embedding_status;  // "healthy", "degraded", "unhealthy", "loading"
    std::string embedding_error;   // As that of the database.
    std::string provider;
    std::string model;
};

/// Puts together what the parts know of themselves, of all tenants. Never blocks: the parts look
/// in the background. Thread-safe.
class HealthCheck {
public:
    HealthCheck(const ConversationRepository& repository, const EmbeddingProvider& embeddings);
    Health current() const;
    /// From SIGTERM, or the begin of a hand-over, on.
    void start_draining();
    bool is_draining() const { return draining_; }
    /// Store or model are still being opened, draining or not.
    bool is_starting() const;
    /// Store or model may have opened, or failed: whoever waits for it looks again.
    void look_again() { changed_.notify(); }
    /// Waits until store and model are open or have failed, draining begins or the deadline comes.
    Task<void> wait_for_start(Deadline deadline);
    /// Waits for ever, which the caller cancels, or until draining begins.
    Task<void> wait_for_draining();
    /// A background watchdog tells whether a worker has been stuck for more than 30 s.
    void set_stuck(bool stuck) { stuck_ = stuck; }

private:
    const ConversationRepository& repository_;
    const EmbeddingProvider& embeddings_;
    Event changed_;
    std::atomic<bool> draining_ = false;
    std::atomic<bool> stuck_ = false;
};

}  // namespace rag
