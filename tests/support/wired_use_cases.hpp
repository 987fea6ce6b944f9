#pragma once

#include "application/use_cases.hpp"
#include "domain/limits.hpp"
#include "support/fake_conversation_repository.hpp"
#include "support/fake_embedding_provider.hpp"
#include "support/fake_telemetry.hpp"
#include "support/fake_text.hpp"
#include "support/fake_time_zones.hpp"
#include "support/inline_work_pool.hpp"

namespace rag::test {

inline ConversationLimits default_limits() {
    return {
        limits::kMessagesMax,
        limits::kMessageBytesMax,
        limits::kNameCharactersMax,
        limits::kUrlCharactersMax};
}

inline UseCaseOptions default_options(bool use_new_architecture = true) {
    return {ChunkingLimits{}, default_limits(), use_new_architecture};
}

/// The real use cases over fakes of the ports, made as the composition root makes them.
struct WiredUseCases {
    /// `reader`: counts what a reader of an answer pays; absent: the embedding model's.
    explicit WiredUseCases(bool use_new_architecture = true, const TokenCounter* reader = nullptr)
        : use_cases(ports(reader), default_options(use_new_architecture)) {}

    /// For tests that make use cases of their own, with other options.
    Ports ports(const TokenCounter* reader = nullptr) {
        return {
            .repository = repository,
            .embeddings = embeddings,
            .telemetry = telemetry,
            .work_pool = work_pool,
            .segmenter = segmenter,
            .analyzer = analyzer,
            .token_counter = reader == nullptr ? embeddings.token_counter() : *reader,
            .clock = [this] { return now; },
            .time_zones = time_zones,
        };
    }

    FakeConversationRepository repository;
    FakeEmbeddingProvider embeddings;
    FakeTelemetry telemetry;
    InlineWorkPool work_pool;
    FakeSegmenter segmenter;
    FakeAnalyzer analyzer;
    FakeTimeZones time_zones;
    Timestamp now{1'765'000'000'000};  // 2025-12-06
    UseCases use_cases;
};

}  // namespace rag::test
