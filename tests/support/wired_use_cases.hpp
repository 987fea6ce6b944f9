#pragma once

#include "application/use_cases.hpp"
#include "domain/limits.hpp"
#include "support/fake_conversation_repository.hpp"
#include "support/fake_embedding_provider.hpp"
#include "support/fake_telemetry.hpp"
#include "support/fake_text.hpp"
#include "support/inline_work_pool.hpp"

namespace rag::test {

/// The real use cases over fakes of the ports, wired as the composition root does it.
struct WiredUseCases {
    FakeConversationRepository repository;
    FakeEmbeddingProvider embeddings;
    FakeTelemetry telemetry;
    InlineWorkPool work_pool;
    FakeSegmenter segmenter;
    FakeAnalyzer analyzer;
    IdempotencyGate gate;
    ChunkingTools tools{
        ChunkingLimits{},
        ConversationLimits{
            limits::kMessagesMax,
            limits::kMessageBytesMax,
            limits::kNameCharactersMax,
            limits::kUrlCharactersMax},
        segmenter,
        analyzer};
    IngestConversation ingest{repository, embeddings, telemetry, work_pool, gate, tools};
    AppendMessages append{repository, embeddings, telemetry, work_pool, gate, tools};
    SearchConversations search{repository, embeddings, telemetry, work_pool, analyzer};
    LegacySearch legacy_search{repository, embeddings, telemetry};
    ListConversations list{repository};
    GetConversation get{repository};
    DeleteConversation remove{repository, telemetry};
};

}  // namespace rag::test
