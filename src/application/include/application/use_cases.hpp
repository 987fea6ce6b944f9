#pragma once

#include "application/health.hpp"
#include "application/ingest_conversation.hpp"
#include "application/read_conversations.hpp"
#include "application/search_conversations.hpp"

namespace rag {

/// Everything that inbound adapters can call; made once in the composition root, outlives them.
struct UseCases {
    IngestConversation& ingest;
    AppendMessages& append;
    SearchConversations& search;
    LegacySearch& legacy_search;
    ListConversations& list;
    GetConversation& get;
    DeleteConversation& remove;
    HealthCheck& health;
    const TokenCounter& token_counter;
    bool use_new_architecture = true;
};

}  // namespace rag
