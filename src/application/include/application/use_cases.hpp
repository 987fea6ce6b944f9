#pragma once

#include <functional>

#include "application/append_messages.hpp"
#include "application/delete_conversation.hpp"
#include "application/get_conversation.hpp"
#include "application/health.hpp"
#include "application/ingest_conversation.hpp"
#include "application/legacy_search.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "application/session_keys.hpp"
#include "application/update_conversation.hpp"
#include "application/verify_store.hpp"
#include "domain/time_zones.hpp"

namespace rag {

/// What the use cases need from outside; all of it outlives them.
struct Ports {
    ConversationRepository& repository;
    EmbeddingProvider& embeddings;
    Telemetry& telemetry;
    WorkPool& work_pool;
    const Segmenter& segmenter;
    const TermAnalyzer& analyzer;
    const TokenCounter& token_counter;  // Counts what a reader of an answer pays.
    WallClock clock;
    const TimeZones& time_zones;
};

struct UseCaseOptions {
    ChunkingLimits chunking;
    ConversationLimits conversation;
    bool use_new_architecture = true;
};

/// Everything that inbound adapters can call. Made once, from the ports; outlives its callers.
/// Calls may be under way side by side, from any thread; each goes on on the executor of its
/// caller.
class UseCases {
public:
    UseCases(const Ports& ports, const UseCaseOptions& options);
    UseCases(const UseCases&) = delete;
    UseCases& operator=(const UseCases&) = delete;

private:
    IdempotencyGate gate_;  // One for all that write; a delete passes none.

public:
    IngestConversation ingest;
    AppendMessages append;
    SearchConversations search;
    LegacySearch legacy_search;
    ListConversations list;
    GetConversation get;
    UpdateConversation update;
    DeleteConversation remove;
    VerifyStore verify;
    HealthCheck health;
    SessionKeys session_keys;
    const TokenCounter& token_counter;
    const TimeZone& default_zone;  // Of times that come without one.
    Telemetry& telemetry;
    const WallClock clock;
    const bool use_new_architecture;
};

}  // namespace rag
